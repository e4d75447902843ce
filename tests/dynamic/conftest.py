"""What the tests of the services share: a client that needs no socket."""

import asyncio

import httpx
import pytest


@pytest.fixture
def talk():
    """Run ``scenario(client)`` against an application, in the same process and thread."""

    def run(app, scenario):
        async def main():
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1"
            ) as client:
                return await scenario(client)

        return asyncio.run(main())

    return run
