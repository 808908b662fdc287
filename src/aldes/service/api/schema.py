"""The description of the JSON interface: schemas made of the acts themselves and of the documents' own schemas."""

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, cast, get_args, get_type_hints

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from aldes import __version__
from aldes.course.patient import Patient
from aldes.exchange.acts import KINDS, LONGEST_LIST, LONGEST_WHY, MOST_ITEMS
from aldes.exchange.items import ITEM_KEYS
from aldes.ward.acts import Act, Chart, Correct, TakeOver

Schema = dict[str, Any]
ANSWER, DECISION, DONE, EVENTS = "Answer", "ShownDecision", "Done", "Events"  # what is answered
ACT, QUESTION = "ActAsked", "Record"  # what is sent

MOST_EVENTS = 10**9  # no course ever has as many
COMMAND = re.compile(r"[!-~]{1,64}")  # the client's own id of what it asks: visible ASCII

_TEXT: Schema = {"type": "string", "maxLength": LONGEST_WHY}
_TIME: Schema = {"type": "string", "format": "date-time", "description": "With its zone."}
_VERSION: Schema = {"type": "integer", "minimum": 0, "maximum": MOST_EVENTS}
_NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"}]}
_PATIENT: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["family", "given", "born", "identifiers"],
    "properties": {
        "family": _TEXT,
        "given": _TEXT,
        "born": {"type": "string", "format": "date"},
        "identifiers": {
            "type": "array",
            "maxItems": LONGEST_LIST,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["system", "value"],
                "properties": {"system": _TEXT, "value": _TEXT},
            },
        },
    },
}
_ITEM: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {key: {} for key in sorted(ITEM_KEYS)} | {"name": {"type": "string"}},
    "description": "One finding, statement or drug, as a batch line carries it.",
}
_RECORD: Schema = {"type": "object", "description": "A FHIR R4 bundle, or a batch line."}
_BROUGHT: Mapping[type[Act], Mapping[str, Schema]] = {
    Chart: {"items": {"type": "array", "minItems": 1, "maxItems": MOST_ITEMS, "items": _ITEM}},
    Correct: {"id": _TEXT, "item": _ITEM, "why": _TEXT},
    TakeOver: {"record": _RECORD},
}
_FAULT: Schema = {
    "type": "object",
    "required": ["error", "sentence"],
    "properties": {"error": {"type": "string"}, "sentence": {"type": "string"}},
}
_REFUSALS = {
    "400": "What came cannot be read.",
    "401": "Nobody is signed in.",
    "403": "These people may not.",
    "404": "No such patient here.",
    "409": "The course or its decision does not allow it, or has moved on.",
    "413": "Too large.",
    "415": "No JSON.",
    "422": "A parameter of another type.",
    "429": "Too many attempts to sign.",
    "503": "The record takes nothing now.",
}


def described(words: str, answers: str, sends: str = "") -> dict[str, Any]:
    """What a route says of itself: its words, its answer, its body, its refusals."""
    told: dict[str, Any] = {
        "summary": words,
        "responses": {int(code): {"description": text, "content": _json("Fault")} for code, text in _REFUSALS.items()},
        "response_model": None,
    }
    extra: dict[str, Any] = {"responses": {"200": {"description": words, "content": _json(answers)}}}
    if answers == DONE:
        extra["responses"]["201"] = {"description": words, "content": _json(answers)}
    if sends:
        extra["requestBody"] = {"required": True, "content": _json(sends)}
    return {**told, "openapi_extra": extra}


def describe(app: FastAPI) -> None:
    """Let the application describe itself with our schemas beside FastAPI's."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(title="aldes ward", version=__version__, routes=app.routes)
            found.setdefault("components", {}).setdefault("schemas", {}).update(components())
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's own pages tell one to


@cache
def components() -> dict[str, Schema]:
    """Every schema by its name."""
    shown = {"course": {"type": ["string", "null"]}, "version": {"type": ["integer", "null"]}}
    return {
        "Fault": _FAULT,
        ANSWER: {"type": "object"},
        EVENTS: {"type": "object", "required": ["events"], "properties": {"events": {"type": "array"}}},
        QUESTION: _RECORD,
        **_decision(),
        DECISION: {
            "type": "object",
            "required": ["course", "version", "decision", "blocks"],
            "properties": {
                **shown,
                "decision": {"$ref": "#/components/schemas/Decision"},
                "blocks": {"type": "array", "items": {"type": "string"}},
            },
        },
        DONE: {
            "type": "object",
            "required": ["course", "version", "again", "events", "not_used", "alert"],
            "properties": {**shown, "again": {"type": "boolean"}, "events": {"type": "array"}},
        },
        ACT: {
            "type": "object",
            "additionalProperties": False,
            "required": ["act", "command"],
            "properties": {
                "act": {"oneOf": [_act(name, kind) for name, kind in KINDS.items()]},
                "command": {"type": "string", "pattern": f"^{COMMAND.pattern}$", "description": "The client's own id."},
                "seen": {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": MOST_EVENTS,
                    "description": "The version that the act rests on.",
                },
                "secret": _TEXT | {"description": "What the author signs with, where the act asks for it."},
                "second": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["person", "secret"],
                    "properties": {"person": _TEXT, "secret": _TEXT},
                },
            },
        },
    }


def _act(name: str, kind: type[Act]) -> Schema:
    brought = _BROUGHT.get(kind)
    types = get_type_hints(kind)
    own = [] if brought else fields(cast("Any", kind))
    needed = [*(brought or ()), *(each.name for each in own if each.default is MISSING)]
    return {
        "type": "object",
        "title": name,
        "description": (kind.__doc__ or "").partition("\n")[0],
        "additionalProperties": False,
        "required": ["do", *needed],
        "properties": {"do": {"const": name}, **(brought or {}), **{each.name: _of(types[each.name]) for each in own}},
    }


def _of(hint: Any) -> Schema:
    parts = get_args(hint)
    if type(None) in parts:
        return {"anyOf": [{"type": "null"}, *(_of(each) for each in parts if each is not type(None))]}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [each.value for each in hint]}
    if parts:
        return {"type": "array", "maxItems": LONGEST_LIST, "items": _of(parts[0])}
    plain = {str: _TEXT, datetime: _TIME, Decimal: _NUMBER, Patient: _PATIENT}
    return plain.get(hint, {"type": "integer", "minimum": 0, "maximum": 1000})


def _decision() -> dict[str, Schema]:
    """The decision's own schema, its parts named among the components."""
    text = files("aldes.administration").joinpath("decision.schema.json").read_text(encoding="utf-8")
    whole = json.loads(text.replace("#/$defs/", "#/components/schemas/decision_"))
    parts = {f"decision_{name}": part for name, part in whole.pop("$defs", {}).items()}
    return {"Decision": {key: value for key, value in whole.items() if not key.startswith("$")}, **parts}


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
