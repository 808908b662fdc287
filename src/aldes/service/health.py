"""Whether the process lives, and whether the ward can record: for whoever watches the server."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from aldes.ward import Ward


def health(ward: Ward) -> APIRouter:
    """The two routes, open to everybody on this machine: they say nothing of patients."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="The process answers.")
    def alive() -> dict[str, str]:
        return {"state": "alive"}

    @router.get("/readyz", summary="The ward can read and record.", responses={503: {"description": "It cannot."}})
    def ready() -> JSONResponse:
        why = ward.writable()
        state = {"state": "ready" if why is None else "read only", "why": why or ""}
        return JSONResponse(state, status_code=200 if why is None else 503)

    return router
