"""asyncio.Queue, asked and timed as questions/queue.ts asks and times the others: see there."""

import asyncio
import json
import sys
import time


async def alternate(items):
    queue = asyncio.Queue(1)
    for item in range(items):
        await queue.put(item)
        await queue.get()


async def pass_on(items, tasks, room, first):
    queue = asyncio.Queue(room)

    async def put():
        for item in range(0, items, tasks):
            await queue.put(item)

    async def take():
        for _ in range(0, items, tasks):
            await queue.get()

    order = (put, take) if first == "put" else (take, put)
    await asyncio.gather(*(each() for each in order for _ in range(tasks)))


async def rate(work, items, warm_up, duration):
    async def run(length):
        began = time.perf_counter()
        runs = 0
        while time.perf_counter() - began < length:
            await work()
            runs += 1
        return runs * items / (time.perf_counter() - began)

    await run(warm_up)
    return await run(duration)


async def main(items, warm_up, duration):
    figures = {
        "alone": await rate(lambda: alternate(items), items, warm_up, duration),
        "pair": await rate(lambda: pass_on(items, 1, 1000, "take"), items, warm_up, duration),
        "crowd": await rate(lambda: pass_on(items, 10, 1, "put"), items, warm_up, duration),
    }
    print(json.dumps(figures))


asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]) / 1000, float(sys.argv[3]) / 1000))
