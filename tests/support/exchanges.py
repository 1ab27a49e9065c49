"""Exchanges over a pool of their own that several tests make."""

import asyncio

from loopai_nb.clients.http import HttpPool


def ask_twice(url, *, fast=True, between=None, unseen=True):
    """Ask one after the other over one pool; both answers.

    Args:
        url: Of a server of the test's own.
        fast: Which transport.
        between: Waits between the two until the server has done something.
        unseen: The loop does not see meanwhile what that was.
    """

    async def exchange():
        pool = HttpPool(fast=fast)
        try:
            first = await pool.request("POST", url, content=b"1", timeout_s=60)
            if between is not None and unseen:
                between()
            elif between is not None:
                await asyncio.to_thread(between)
            second = await pool.request("POST", url, content=b"2", timeout_s=60)
        finally:
            await pool.aclose()
        return first, second

    return asyncio.run(exchange())
