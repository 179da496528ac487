import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from lyria_studio.events import Event, Events


async def take(stream: AsyncIterator[Event], count: int) -> list[Event]:
    return [await asyncio.wait_for(anext(stream), 10) for _ in range(count)]


def names(events: list[Event]) -> list[tuple[str | None, str]]:
    return [(event.generation_id, event.state) for event in events]


def test_events_from_many_threads_all_arrive() -> None:
    events = Events()

    def publish(thread: int) -> None:
        for number in range(50):
            events.publish(f"{thread}-{number}", "queued")

    async def run() -> None:
        with events.subscribe() as stream:
            threads = [threading.Thread(target=publish, args=(t,)) for t in range(8)]
            for thread in threads:
                thread.start()
            seen = await take(stream, 400)
            for thread in threads:
                thread.join()
        assert {event.generation_id for event in seen} == {
            f"{t}-{n}" for t in range(8) for n in range(50)
        }

    asyncio.run(run())


def test_a_waiting_subscriber_is_woken_from_another_thread() -> None:
    events = Events()

    async def run() -> None:
        with events.subscribe() as stream:
            waiting = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0)
            await asyncio.to_thread(events.publish, "a", "ready")
            assert (await asyncio.wait_for(waiting, 10)).state == "ready"

    asyncio.run(run())


def test_the_newest_state_replaces_the_older_one() -> None:
    events = Events()

    async def run() -> None:
        with events.subscribe() as stream:
            events.publish("a", "queued")
            events.publish("b", "queued")
            events.publish("a", "ready")
            assert names(await take(stream, 2)) == [("b", "queued"), ("a", "ready")]

    asyncio.run(run())


def test_only_the_generations_asked_for_arrive() -> None:
    events = Events()

    async def run() -> None:
        with events.subscribe({"b"}) as stream:
            events.publish("a", "queued")
            events.publish("b", "queued")
            assert names(await take(stream, 1)) == [("b", "queued")]

    asyncio.run(run())


def test_one_who_comes_back_gets_what_was_missed() -> None:
    events = Events()

    async def run() -> None:
        events.publish("a", "queued")
        cursor = events.cursor
        events.publish("a", "ready")
        events.publish("b", "failed")
        with events.subscribe(after=cursor) as stream:
            first, second = await take(stream, 2)
            assert names([first, second]) == [("a", "ready"), ("b", "failed")]
        with events.subscribe(after=first.cursor) as stream:
            assert names(await take(stream, 1)) == [("b", "failed")]

    asyncio.run(run())


def test_nothing_missed_means_nothing_repeated() -> None:
    events = Events()

    async def run() -> None:
        events.publish("a", "queued")
        with events.subscribe(after=events.cursor) as stream:
            events.publish("b", "queued")
            assert names(await take(stream, 1)) == [("b", "queued")]

    asyncio.run(run())


@pytest.mark.parametrize("cursor", ["", "x", "00000000-1", "{epoch}-99", "{epoch}-x", "{epoch}-²"])
def test_a_cursor_of_another_process_asks_for_a_new_look(cursor: str) -> None:
    events = Events()

    async def run() -> None:
        events.publish("a", "queued")
        after = cursor.format(epoch=events.cursor.partition("-")[0])
        with events.subscribe(after=after) as stream:
            assert names(await take(stream, 1)) == [(None, "")]

    asyncio.run(run())


def test_a_cursor_that_is_too_old_asks_for_a_new_look() -> None:
    events = Events()

    async def run() -> None:
        cursor = events.cursor
        for _ in range(1001):
            events.publish("a", "queued")
        with events.subscribe(after=cursor) as stream:
            assert names(await take(stream, 1)) == [(None, "")]

    asyncio.run(run())


def test_a_slow_subscriber_is_notified_and_continues() -> None:
    events = Events()

    async def run() -> None:
        with events.subscribe() as stream:
            for number in range(5000):
                events.publish(str(number), "queued")
            lost = await take(stream, 1)
            assert names(lost) == [(None, "")]
            assert lost[0].cursor == events.cursor
            events.publish("next", "queued")
            assert names(await take(stream, 1)) == [("next", "queued")]

    asyncio.run(run())


def test_a_subscription_ends_with_its_context() -> None:
    events = Events()

    async def run() -> None:
        with events.subscribe():
            assert len(events._subscriptions) == 1
        assert not events._subscriptions

    asyncio.run(run())
    events.publish("a", "queued")


def test_a_loop_that_is_gone_does_not_trouble_the_publisher() -> None:
    events = Events()
    loop = asyncio.new_event_loop()

    async def subscribe() -> object:
        context = events.subscribe()
        context.__enter__()
        return context

    context = loop.run_until_complete(subscribe())
    loop.close()
    events.publish("a", "queued")
    assert len(events._subscriptions) == 1
    del context
