"""The gateway's description of itself, as an OpenAPI 3.1 document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lyria_sandbox.gateway import validation
from lyria_sandbox.gateway.accounts import HEADER
from lyria_sandbox.gateway.cards import CARDS
from lyria_sandbox.gateway.catalogue import example
from lyria_sandbox.gateway.ids import REQUEST_ID
from lyria_sandbox.gateway.job import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lyria_core import Model
    from lyria_sandbox.gateway.sandbox_settings import SandboxSettings

Schema = dict[str, Any]

_REQUEST_ID: Final = f"^{REQUEST_ID.pattern}$"
_CLOCK: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{3}Z)?$"


def document(root_url: str, settings: SandboxSettings) -> Schema:
    """Return the document.

    Args:
        root_url: The gateway's base URL as the client sees it.
        settings: The models on offer and the limits.
    """
    generate = {
        model.path: {"post": _generate(model, settings.max_prompt_chars)}
        for model in settings.models.values()
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lyria sandbox",
            "version": "1",
            "description": "A local stand-in for the gateway of the Lyria models. A composer of "
            "its own plays; it sings no words, and nothing costs real money.",
        },
        "servers": [{"url": root_url}],
        "security": [{"key": []}],
        "paths": generate
        | {
            "/v2/requests/status/{request_id}": {"get": _status()},
            "/media/v1/{request_id}/{file_name}": {"get": _media()},
        },
        "webhooks": {"callback": {"post": _callback()}},
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "apiKey",
                    "in": "header",
                    "name": HEADER,
                    "description": " ".join(
                        f"`{card.value}`: {card.effect}" for card in CARDS if card.kind == "key"
                    ),
                }
            },
            "schemas": _schemas(settings.models),
        },
    }


def _generate(model: Model, max_chars: int) -> Schema:
    return {
        "operationId": f"generate-{model.id}",
        "summary": f"Order music from {model.name} (${model.price_usd} a job)",
        "parameters": [
            {
                "name": "X-Webhook-URL",
                "in": "header",
                "required": False,
                "description": "Receiver of callbacks: https, at a public address.",
                "schema": {
                    "type": "string",
                    "format": "uri",
                    "pattern": r"^https://[A-Za-z0-9.-]+(:[1-9][0-9]{0,3})?([/?][A-Za-z0-9._~/?&=+-]*)?$",
                },
                "example": "https://your-server.example/webhook/callback",
            },
            {
                "name": "X-Webhook-Mode",
                "in": "header",
                "required": False,
                "schema": {
                    "type": "string",
                    "enum": ["terminal", "sync"],
                    "default": "terminal",
                },
            },
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": _request(model, max_chars),
                    "example": {"prompt": example(model)},
                }
            },
        },
        "responses": {
            "202": _json("Accepted: the request is queued.", "Accepted"),
            "400": _json("The request breaks a rule, or the model is not found.", "Error"),
            "401": _json("No key, or a wrong one.", "ManagementError"),
            "402": _json("The wallet does not hold the price.", "Error"),
            "403": _json("The key may not do this.", "Error"),
            "408": _json("The body did not come in time.", "ManagementError"),
            "413": _json("The body is too large.", "ManagementError"),
            "429": _limited(),
            "500": _json("The gateway failed.", "ManagementError"),
        },
    }


def _request(model: Model, max_chars: int) -> Schema:
    properties: dict[str, Schema] = {
        "prompt": {
            "type": "string",
            "minLength": 1,
            "maxLength": max_chars,
            "pattern": validation.VISIBLE,
            "description": "Text prompt describing the music to generate.",
        },
        "images": {
            "type": "array",
            "maxItems": model.max_images,
            "items": {
                "type": "string",
                "maxLength": validation.LONGEST_URL,
                "pattern": validation.WEB_URL,
            },
            "description": (
                "Images to inspire the music, as URLs. Their brightness and colours set the mood "
                "where the prompt names none. The sandbox fetches them from public hosts; the job "
                "ends as ERROR, refunded, when one cannot be fetched or is no image."
            ),
        },
        "negative_prompt": {
            "type": "string",
            "maxLength": max_chars,
            "description": "What to exclude from the audio.",
        },
        "seed": {
            "type": "integer",
            "minimum": validation.SMALLEST_SEED,
            "maximum": validation.LARGEST_SEED,
            "description": "Seed for reproducible generation.",
        },
    }
    return {
        "type": "object",
        "required": ["prompt"],
        "properties": {name: properties[name] for name in model.parameters},
    }


def _status() -> Schema:
    return {
        "operationId": "status",
        "summary": "Ask how a request stands",
        "parameters": [_path_parameter("request_id", _REQUEST_ID)],
        "responses": {
            "200": _json("The request.", "Job"),
            "401": _json("No key, or a wrong one.", "ManagementError"),
            "403": _json("The key may not do this.", "Error"),
            "404": _json("This key has no such request.", "Error"),
            "429": _limited(),
            "500": _json("The gateway failed.", "ManagementError"),
        },
    }


def _media() -> Schema:
    binary = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    return {
        "operationId": "media",
        "summary": "Download an output",
        "description": "Needs no key. Ranges are served.",
        "security": [],
        "parameters": [
            _path_parameter("request_id", _REQUEST_ID),
            _path_parameter("file_name", r"^output(-[0-9])?\.[a-z0-9]{1,5}$"),
        ],
        "responses": {
            "200": {"description": "The whole file."} | binary,
            "206": {"description": "The ranges asked for."} | binary,
            "304": {"description": "Unchanged."},
            "400": {"description": "A malformed range."},
            "404": _json("No such output.", "ManagementError"),
            "410": _json("The output was deleted to spare the disk.", "ManagementError"),
            "416": {"description": "A range beyond the file."},
        },
    }


def _callback() -> Schema:
    return {
        "summary": "Sent to X-Webhook-URL at the end of a job (and at its steps in sync mode)",
        "requestBody": {
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Job"}}}
        },
        "responses": {"200": {"description": "Taken. Anything but 2xx is tried again."}},
    }


def _schemas(model_ids: Iterable[str]) -> dict[str, Schema]:
    text = {"type": "string"}
    request_id = {"type": "string", "pattern": _REQUEST_ID}
    clock = {"type": "string", "pattern": _CLOCK}
    output = _object(
        {"media_url": {"type": "array", "items": text}, "media_type": text},
        ("media_url", "media_type"),
    )
    job = {
        "request_id": request_id,
        "status": {"type": "string", "enum": [status.value for status in Status]},
        "model_id": {"type": "string", "enum": list(model_ids)},
        "error": {"type": ["string", "null"]},
        "output": {"anyOf": [output, {"type": "null"}]},
        "created_at": clock,
        "updated_at": clock,
        "completed_at": {"anyOf": [clock, {"type": "null"}]},
    }
    understood = {
        "type": "object",
        "description": "Of the sandbox only: what its composer made of the prompt.",
    }
    accepted = {"request_id": request_id, "status": {"const": "QUEUED"}, "polling_url": text}
    error = {"error": text, "message": text}
    management = {"statusCode": {"type": "integer"}, "message": text}
    return {
        "Accepted": _object(accepted, tuple(accepted)),
        "Job": _object(job | {"understood": understood}, tuple(job)),
        "Error": _object(error, tuple(error)),
        "ManagementError": _object(management, tuple(management)),
    }


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


def _path_parameter(name: str, pattern: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": pattern},
    }


def _json(description: str, schema: str) -> Schema:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {
        "description": description,
        "content": {"application/json": {"schema": reference}},
    }


def _limited() -> Schema:
    header = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
    return _json("Too many requests.", "ManagementError") | {"headers": {"Retry-After": header}}
