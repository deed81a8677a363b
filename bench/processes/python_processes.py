"""Python's ProcessPoolExecutor: the same questions."""
import json
import time
from concurrent.futures import ProcessPoolExecutor


def noop():
    pass


def echo(value):
    return value


if __name__ == '__main__':
    with ProcessPoolExecutor(2) as pool:
        pool.submit(noop).result()
        began = time.perf_counter()
        for future in [pool.submit(noop) for _ in range(5000)]:
            future.result()
        noops = 5000 / (time.perf_counter() - began)
    with ProcessPoolExecutor(1) as pool:
        pool.submit(noop).result()
        took = []
        for _ in range(1000):
            began = time.perf_counter()
            pool.submit(noop).result()
            took.append(time.perf_counter() - began)
        large = bytes(1 << 20)
        moved = []
        for _ in range(50):
            began = time.perf_counter()
            pool.submit(echo, large).result()
            moved.append(time.perf_counter() - began)
    middle = lambda values: sorted(values)[len(values) // 2] * 1e6
    print(json.dumps({'noop': noops, 'trip': middle(took), 'large': middle(moved)}))
