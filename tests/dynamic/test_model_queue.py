"""The bounded queue by itself."""

import asyncio
import contextlib
import gc
import threading
import time

import pytest

from lessons_lib.dynamic.model_queue import Full, Late, ModelQueue, WorkFailed


def test_work_runs_in_order_of_arrival():
    done = []

    async def main():
        queue = ModelQueue(1, 10)
        await asyncio.gather(*[queue.run(done.append, i) for i in range(10)])

    asyncio.run(main())
    assert done == list(range(10))


def test_retry_after_grows_with_the_wait():
    async def main():
        queue, go = ModelQueue(1, 30), threading.Event()
        for _ in range(3):
            await queue.run(time.sleep, 0.15)
        assert queue.retry_after() == 1
        work = [asyncio.create_task(queue.run(go.wait, 5)) for _ in range(31)]
        await asyncio.sleep(0.01)
        waited = queue.retry_after()
        with pytest.raises(Full, match="30 requests are waiting"):
            await queue.run(go.wait)
        go.set()
        await asyncio.gather(*work)
        return waited

    assert asyncio.run(main()) >= 2


def test_client_who_leaves_makes_no_room_before_the_model_is_done():
    async def main():
        queue, entered, go = ModelQueue(1, 0), threading.Event(), threading.Event()
        work = asyncio.create_task(queue.run(lambda: (entered.set(), go.wait(5))))
        await asyncio.to_thread(entered.wait)
        work.cancel()
        await asyncio.sleep(0.01)
        with pytest.raises(Full):
            await queue.run(go.wait)
        go.set()
        while queue.inside:
            await asyncio.sleep(0.01)
        return await queue.run(sum, [1, 2])

    assert asyncio.run(main()) == 3


def test_work_that_nobody_waits_for_any_more_is_left_out():
    done = []

    async def main():
        queue, entered, go = ModelQueue(1, 3), threading.Event(), threading.Event()
        first = asyncio.create_task(queue.run(lambda: (entered.set(), go.wait(5))))
        await asyncio.to_thread(entered.wait)
        with pytest.raises(Late):
            await queue.run(done.append, "late", seconds=0.01)
        assert queue.running() == queue.running(longer_than=0) == 1
        assert queue.running(longer_than=60) == 0
        go.set()
        await first
        await queue.run(done.append, "in time", seconds=60)

    asyncio.run(main())
    assert done == ["in time"]


@pytest.mark.parametrize(
    "error", [ValueError, TimeoutError, StopIteration, SystemExit, asyncio.CancelledError]
)
def test_whatever_the_work_raises_arrives_and_costs_no_thread(error):
    def work():
        raise error

    async def main():
        queue = ModelQueue(1, 1)
        with pytest.raises(WorkFailed) as caught:
            await queue.run(work)
        assert isinstance(caught.value.__cause__, error)
        return await queue.run(sum, [1, 2])

    assert asyncio.run(main()) == 3


def model_threads():
    return [t for t in threading.enumerate() if t.name.startswith("model-")]


@pytest.mark.parametrize("way", ["close", "forget"])
def test_threads_end_with_the_queue(way):
    before = set(model_threads())
    queue = ModelQueue(2, 1)
    asyncio.run(queue.run(sum, []))
    mine = set(model_threads()) - before
    assert len(mine) == 2
    if way == "close":
        queue.close()
    else:
        del queue
        gc.collect()
    for thread in mine:
        thread.join(5)
        assert not thread.is_alive()


def test_queue_serves_one_event_loop_after_another():
    queue = ModelQueue(1, 1)
    assert [asyncio.run(queue.run(sum, [i])) for i in range(3)] == [0, 1, 2]


def test_results_that_come_close_together_wake_the_loop_together(monkeypatch):
    wakes = []

    async def main():
        loop, queue, go = asyncio.get_running_loop(), ModelQueue(1, 50), threading.Event()
        wake = loop.call_soon_threadsafe
        monkeypatch.setattr(
            loop, "call_soon_threadsafe", lambda *args: (wakes.append(args), wake(*args))
        )
        first = asyncio.create_task(queue.run(go.wait))
        rest = [asyncio.create_task(queue.run(int, str(i))) for i in range(40)]
        await asyncio.sleep(0.05)
        go.set()
        await first
        return await asyncio.gather(*rest)

    assert asyncio.run(main()) == list(range(40))
    assert len(wakes) < 30


@pytest.mark.parametrize("threads", [1, 2])
def test_a_quick_result_does_not_wait_for_work_that_hangs_behind_it(threads):
    async def main():
        queue, go = ModelQueue(threads, 50), threading.Event()
        quick = [asyncio.create_task(queue.run(int, "7")) for _ in range(3)]
        hangs = [asyncio.create_task(queue.run(go.wait)) for _ in range(threads + 2)]
        results = await asyncio.wait_for(asyncio.gather(*quick), 5)
        go.set()
        await asyncio.gather(*hangs)
        return results

    assert asyncio.run(main()) == [7, 7, 7]


def test_what_is_done_when_the_queue_is_closed_is_handed_back():
    async def main():
        queue = ModelQueue(1, 50)
        work = [asyncio.create_task(queue.run(int, str(i))) for i in range(5)]
        await asyncio.sleep(0)
        queue.close()
        return await asyncio.wait_for(asyncio.gather(*work), 5)

    assert asyncio.run(main()) == [0, 1, 2, 3, 4]


def test_wait_that_ends_just_as_the_work_is_done_costs_no_thread():
    class JustOver:
        """A lock for which the wait is over in the moment in which it is let go."""

        def __init__(self, lock):
            self.release, self.lock, self.waits = lock.release, lock, 0

        def acquire(self, **wait):
            self.waits += bool(wait)
            if wait:
                time.sleep(0.05)
            return not (wait and self.waits == 1) and self.lock.acquire(**wait)

    queue = ModelQueue(1, 1)
    queue._quick = JustOver(queue._quick)

    async def main():
        return [await queue.run(int, str(i), seconds=5) for i in range(3)]

    assert asyncio.run(main()) == [0, 1, 2]


def test_a_result_that_comes_after_the_last_look_is_handed_out(monkeypatch):
    async def main():
        queue, a, b, go = ModelQueue(1, 9), *(threading.Event() for _ in range(3))
        collect = queue._collect

        def collect_and_see_one_done():
            count = collect()
            a.set()
            b.wait(5)
            return count

        monkeypatch.setattr(queue, "_collect", collect_and_see_one_done)
        first = asyncio.create_task(queue.run(a.wait))
        hangs = asyncio.create_task(queue.run(lambda: (b.set(), go.wait(20))))
        assert await asyncio.wait_for(first, 5)
        go.set()
        await hangs

    asyncio.run(main())


def test_queue_serves_two_event_loops_at_once():
    queue, results = ModelQueue(1, 9), []

    def other_loop():
        results.append(asyncio.run(queue.run(int, "2", seconds=5)))

    async def main():
        work = asyncio.create_task(queue.run(int, "1", seconds=5))
        await asyncio.sleep(0)  # it waits for the end of this turn
        thread = threading.Thread(target=other_loop)
        thread.start()
        thread.join()
        results.append(await asyncio.wait_for(work, 5))

    asyncio.run(main())
    assert results == [2, 1]
    assert queue.inside == 0


@pytest.mark.filterwarnings("ignore")  # the loop is left as no program should leave it
def test_event_loop_that_ends_at_once_keeps_no_place():
    queue, loop = ModelQueue(1, 0), asyncio.new_event_loop()

    async def leave():
        work = asyncio.create_task(queue.run(int, "1"))
        await asyncio.sleep(0)
        loop.stop()
        await work

    with pytest.raises(RuntimeError, match="stopped before"):
        loop.run_until_complete(leave())
    loop.close()
    with contextlib.suppress(Full):
        asyncio.run(queue.run(int, "2"))
    until = time.monotonic() + 5
    while queue.inside and time.monotonic() < until:
        time.sleep(0.001)
    assert asyncio.run(queue.run(int, "3", seconds=5)) == 3


def test_closed_queue_starts_again_beside_work_that_hangs():
    queue, go = ModelQueue(1, 1), threading.Event()

    async def main():
        with pytest.raises(Late):
            await queue.run(go.wait, seconds=0.01)
        queue.close()
        result = await queue.run(int, "7", seconds=5)
        go.set()
        return result

    assert asyncio.run(main()) == 7


@pytest.mark.parametrize(("together", "on_the_spot"), [(1, 1), (5, 1)])
def test_the_loop_stands_still_once_a_turn_and_only_for_a_model_known_to_be_quick(
    monkeypatch, together, on_the_spot
):
    async def main():
        queue, stood = ModelQueue(1, 50), []
        stand_still = queue._stand_still
        monkeypatch.setattr(
            queue, "_stand_still", lambda piece: (stood.append(piece), stand_still(piece))
        )
        await queue.run(int, "0")
        assert not stood, "nobody knows yet how quick it is"
        results = await asyncio.gather(*[queue.run(int, str(i)) for i in range(together)])
        monkeypatch.setattr(queue, "_seconds", 1.0)
        await queue.run(int, "0")
        return results, len(stood)

    assert asyncio.run(main()) == (list(range(together)), on_the_spot)
