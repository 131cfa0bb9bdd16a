"""Bare FastAPI that answers every request with the same page: `python -m tests.programs.constants PORT`."""

import sys

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

PAGE = "<!DOCTYPE html>" + "x" * 12_000


async def constant() -> HTMLResponse:
    return HTMLResponse(PAGE)


if __name__ == "__main__":
    app = FastAPI()
    app.api_route("/{path:path}", methods=["GET", "POST"])(constant)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None)
