from dataclasses import replace
from typing import Any

import pytest
from support.comparison_rows import (
    made_comparison,
    new_comparison,
    new_test,
    open_test,
    variants,
    vote_next,
)
from support.library_rows import Clock, in_state

from lyria_core import InvalidRequest
from lyria_studio.comparisons.lessons import ancestors, chain_of
from lyria_studio.library import Library, LibraryError, UnknownGeneration
from lyria_studio.library.errors import UnknownComparison
from lyria_studio.limits import TextTooLong
from lyria_studio.model.comparison import ComparisonCursor, Slot, Variant
from lyria_studio.model.states import State


def test_a_comparison_comes_back_as_it_was_saved(library: Library, clock: Clock) -> None:
    asked = (
        Variant(
            "A",
            "lyria-3-pro",
            "Waltz \N{FLAG IN HOLE} 日本",
            images=("https://example.com/1.jpg", "https://example.com/2.jpg"),
        ),
        Variant("B", "lyria-2", "Waltz", negative_prompt="drums", seed=2**53 - 1, offset_s=1.25),
    )
    saved = library.listening.save_comparison(new_comparison(variants=asked, takes=2))
    assert saved == library.listening.comparison(saved.id)
    assert saved.variants == asked
    assert (saved.created_at, saved.updated_at) == (clock.now, clock.now)
    assert saved.slots == (Slot("A", 1), Slot("A", 2), Slot("B", 1), Slot("B", 2))
    assert not saved.ordered
    assert saved.variant("B").request.seed == 2**53 - 1
    assert saved.slot("B", 2) == Slot("B", 2)
    assert "Waltz" not in repr(saved)


def test_a_variant_that_the_model_does_not_take_says_so(library: Library) -> None:
    saved = library.listening.save_comparison(new_comparison(variants=variants(seed=3)))
    with pytest.raises(InvalidRequest):
        saved.variant("A").request.validate()


def test_what_databases_refuse_is_taken_out(library: Library) -> None:
    bad = "half \ud83c and nul \0"
    saved = library.listening.save_comparison(
        new_comparison(name=f" two\nlines {bad}", variants=variants(prompt=bad))
    )
    assert saved.name == "two lines half ? and nul"
    assert saved.variant("A").prompt == "half ? and nul "


def test_a_name_is_one_line_and_never_empty(library: Library) -> None:
    saved = library.listening.save_comparison(new_comparison(name="\n "))
    assert saved.name == "Untitled comparison"
    assert library.listening.rename_comparison(saved.id, "  Tea  time ").name == "Tea time"
    assert library.listening.rename_comparison(saved.id, " ").name == "Tea time"
    with pytest.raises(TextTooLong):
        library.listening.rename_comparison(saved.id, "x" * 121)
    assert library.listening.comparison(saved.id).name == "Tea time"
    with pytest.raises(UnknownComparison):
        library.listening.rename_comparison("nothing-here", "x")


def test_it_may_be_replaced_until_it_is_ordered(library: Library, clock: Clock) -> None:
    first = library.listening.save_comparison(new_comparison("AB", takes=2))
    clock.forward(minutes=1)
    second = library.listening.save_comparison(new_comparison("ABC", id=first.id, name="Three"))
    assert second.letters == ("A", "B", "C")
    assert len(second.slots) == 3
    assert (second.created_at, second.updated_at) == (first.created_at, clock.now)
    made = in_state(library, State.INTENDED)
    library.listening.fill_slots(first.id, {("A", 1): made.id})
    with pytest.raises(LibraryError, match="ordered already"):
        library.listening.save_comparison(new_comparison("AB", id=first.id))
    assert library.listening.comparison(first.id).letters == ("A", "B", "C")


def test_saving_the_same_form_again_changes_nothing(library: Library, clock: Clock) -> None:
    form = new_comparison()
    saved = library.listening.save_comparison(form)
    library.listening.fill_slots(saved.id, {("A", 1): in_state(library, State.INTENDED).id})
    aligned = library.listening.set_offset(saved.id, "B", 0.5)
    clock.forward(minutes=1)
    assert library.listening.save_comparison(form) == aligned


@pytest.mark.parametrize(
    "wrong",
    [
        {"variants": ()},
        {"variants": variants("AA")},
        {"variants": variants("G")},
        {"takes": 0},
        {"takes": 11},
        {"parent_letter": "A"},
    ],
)
def test_what_no_form_can_ask_for_is_a_mistake(library: Library, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"variant|take|goes on"):
        library.listening.save_comparison(new_comparison(**wrong))
    assert library.listening.comparisons() == []


def test_slots_are_filled_and_remember_what_they_held(library: Library) -> None:
    saved = library.listening.save_comparison(new_comparison(takes=2))
    one, two = (in_state(library, State.FAILED).id for _ in range(2))
    library.listening.fill_slots(saved.id, {("B", 2): one})
    filled = library.listening.fill_slots(saved.id, {("B", 2): one})
    assert filled.slot("B", 2) == Slot("B", 2, one)
    assert filled.ordered
    assert library.listening.fill_slots(saved.id, {("B", 2): two}).slot("B", 2) == Slot(
        "B", 2, two, (one,)
    )
    back = library.listening.fill_slots(saved.id, {("B", 2): one})
    assert back.slot("B", 2) == Slot("B", 2, one, (two,))
    assert back.slot("A", 1) == Slot("A", 1)


def test_slots_are_filled_all_or_none(library: Library) -> None:
    saved = library.listening.save_comparison(new_comparison())
    one = in_state(library, State.INTENDED).id
    with pytest.raises(UnknownGeneration):
        library.listening.fill_slots(saved.id, {("A", 1): one, ("B", 1): "never-ordered"})
    with pytest.raises(LibraryError, match="no take 2 of a variant B"):
        library.listening.fill_slots(saved.id, {("A", 1): one, ("B", 2): one})
    with pytest.raises(UnknownComparison):
        library.listening.fill_slots("nothing-here", {("A", 1): one})
    assert not library.listening.comparison(saved.id).ordered


def test_offsets_are_set_one_by_one(library: Library) -> None:
    saved = library.listening.save_comparison(new_comparison("ABC"))
    library.listening.set_offset(saved.id, "A", 1.5)
    aligned = library.listening.set_offset(saved.id, "C", -2)
    assert [variant.offset_s for variant in aligned.variants] == [1.5, 0.0, -2.0]
    for wrong in (float("nan"), float("inf"), 601.0):
        with pytest.raises(LibraryError, match="number of seconds"):
            library.listening.set_offset(saved.id, "A", wrong)
    with pytest.raises(LibraryError, match="no variant F"):
        library.listening.set_offset(saved.id, "F", 1)
    with pytest.raises(UnknownComparison):
        library.listening.set_offset("nothing-here", "A", 1)
    assert library.listening.comparison(saved.id) == aligned


def test_the_list_continues_where_it_ended(library: Library, clock: Clock) -> None:
    saved = []
    for number in range(7):
        saved.append(library.listening.save_comparison(new_comparison(name=f"Number {number}")).id)
        # Three are made at the very same moment.
        if number not in (2, 3):
            clock.forward(seconds=1)
    found: list[str] = []
    before = None
    while some := library.listening.comparisons(2, before):
        found += [one.id for one in some]
        before = ComparisonCursor(some[-1].created_at, some[-1].id)
    assert found == saved[::-1]
    assert len(library.listening.comparisons()) == 7


def test_the_chain_of_what_was_learned(library: Library, clock: Clock) -> None:
    root = made_comparison(library)
    clock.forward(seconds=1)
    child = library.listening.save_comparison(new_comparison(parent_id=root.id, parent_letter="B"))
    clock.forward(seconds=1)
    other = library.listening.save_comparison(new_comparison(parent_id=root.id, parent_letter="A"))
    grandchild = library.listening.save_comparison(
        new_comparison(parent_id=child.id, parent_letter="A")
    )
    assert [one.id for one in library.listening.comparisons(parent_id=root.id)] == [
        other.id,
        child.id,
    ]
    assert library.listening.comparisons(parent_id=grandchild.id) == []
    assert [one.id for one in ancestors(library, grandchild)] == [child.id, root.id]
    assert ancestors(library, root) == []
    chain = [step.comparison.id for step in chain_of(library, root)]
    assert chain == [root.id, child.id, other.id]
    with pytest.raises(UnknownComparison):
        ancestors(library, replace(root, parent_id="nothing-here"))


def test_a_parent_has_to_be_there(library: Library) -> None:
    form = new_comparison(parent_id="nothing-here", parent_letter="A")
    with pytest.raises(LibraryError, match="was deleted"):
        library.listening.save_comparison(form)
    with pytest.raises(ValueError, match="another one"):
        library.listening.save_comparison(replace(form, parent_id=form.id))


def test_two_that_go_on_from_each_other_end_the_chain(library: Library) -> None:
    one = library.listening.save_comparison(new_comparison())
    two = library.listening.save_comparison(new_comparison(parent_id=one.id, parent_letter="A"))
    one = library.listening.save_comparison(
        new_comparison(id=one.id, parent_id=two.id, parent_letter="A")
    )
    assert [found.id for found in ancestors(library, one)] == [two.id]


def test_deleting_leaves_generations_and_children(library: Library) -> None:
    gone = made_comparison(library)
    library.listening.open_test(new_test(gone))
    child = library.listening.save_comparison(new_comparison(parent_id=gone.id, parent_letter="A"))
    assert library.listening.delete_comparison(gone.id) == ()
    with pytest.raises(UnknownComparison):
        library.listening.comparison(gone.id)
    assert library.listening.tests(gone.id) == []
    assert library.listening.comparison(child.id).parent_id is None
    for slot in gone.slots:
        assert slot.generation_id is not None
        assert library.tracks.generation(slot.generation_id).tracks
    assert library.listening.delete_comparison(gone.id) == ()


def test_votes_are_deleted_only_on_request(library: Library, clock: Clock) -> None:
    test = open_test(library)
    library.listening.begin_listening(test.id, "listener-1", "hash")
    vote_next(library, clock, test, "listener-1")
    with pytest.raises(LibraryError, match="1 vote of listeners would be lost"):
        library.listening.delete_comparison(test.comparison_id)
    assert library.listening.vote_counts([test.id]) == {test.id: 1}
    folders = library.listening.delete_comparison(test.comparison_id, votes_too=True)
    assert folders == (test.prepared,)
    assert library.listening.vote_counts([test.id]) == {test.id: 0}
    assert library.listening.listeners(test.id) == []
