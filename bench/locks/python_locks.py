"""threading.Lock and asyncio.Lock, asked and timed as questions/lock.ts and questions/contention.ts do: see there."""

import asyncio
import json
import statistics
import sys
import threading
import time


def block(lock, times):
    for _ in range(times):
        lock.acquire()
        lock.release()


async def wait(lock, times):
    for _ in range(times):
        await lock.acquire()
        lock.release()


def free(times, warm_up, duration):
    """Nanoseconds for taking a lock and giving it back: the median of many batches."""

    def batches(work, length):
        took = []
        end = time.perf_counter() + length
        while time.perf_counter() < end:
            began = time.perf_counter()
            work(times)
            took.append((time.perf_counter() - began) / times * 1e9)
        return took

    def median(work):
        batches(work, warm_up)
        return statistics.median(batches(work, duration))

    lock = threading.Lock()
    task_lock = asyncio.Lock()
    loop = asyncio.new_event_loop()
    return {
        "block": median(lambda times: block(lock, times)),
        "wait": median(lambda times: loop.run_until_complete(wait(task_lock, times))),
    }


counter = 0


def contended(times, threads):
    """Nanoseconds for one increment, all threads together."""
    lock = threading.Lock()
    together = threading.Barrier(threads)
    took = []

    def work():
        global counter
        together.wait()
        began = time.perf_counter()
        for _ in range(times):
            lock.acquire()
            counter += 1
            lock.release()
        took.append(time.perf_counter() - began)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert counter == threads * times
    return {"increment": max(took) / (threads * times) * 1e9}


question, *numbers = sys.argv[1:]
if question == "free":
    times, warm_up, duration = map(int, numbers)
    print(json.dumps(free(times, warm_up / 1000, duration / 1000)))
else:
    print(json.dumps(contended(*map(int, numbers))))
