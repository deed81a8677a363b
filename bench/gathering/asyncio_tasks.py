"""asyncio's gather and TaskGroup, asked and timed as questions/gather.ts and questions/task-group.ts do: see there."""

import asyncio
import json
import sys
import time


async def work(number):
    return number


async def gather(count):
    await asyncio.gather(*(work(number) for number in range(count)))


async def gather_with_limit(count, limit):
    semaphore = asyncio.Semaphore(limit)

    async def limited(number):
        async with semaphore:
            return await work(number)

    await asyncio.gather(*(limited(number) for number in range(count)))


async def group(count):
    async with asyncio.TaskGroup() as tasks:
        for number in range(count):
            tasks.create_task(work(number))


async def time_of(run, count, duration):
    began = time.perf_counter()
    runs = 0
    while time.perf_counter() - began < duration:
        await run()
        runs += 1
    return (time.perf_counter() - began) / (runs * count) * 1e9


async def main(question, count, limit, duration):
    if question == "gather":
        runs = {"all": lambda: gather(count), "limited": lambda: gather_with_limit(count, limit)}
    else:
        runs = {"child": lambda: group(count)}
    print(json.dumps({name: await time_of(run, count, duration) for name, run in runs.items()}))


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]) / 1000))
