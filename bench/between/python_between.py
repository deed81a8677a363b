"""Python's multiprocessing: the same questions."""
import json
import time
from multiprocessing import Manager, Pipe, Process, Queue
from multiprocessing.managers import BaseManager

COUNT = 50000
TIMES = 1000


def send_many(connection):
    connection.recv()
    for i in range(COUNT):
        connection.send(i)
    connection.recv()


def put_many(queue, go):
    queue.put(0)
    go.recv()
    for i in range(COUNT):
        queue.put(i)


class Counter:
    def __init__(self):
        self.n = 0

    def add(self, n):
        self.n += n
        return self.n


class Counters(BaseManager):
    pass


Counters.register('Counter', Counter)


def middle(f):
    took = []
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(TIMES):
            f()
        took.append((time.perf_counter() - began) * 1e6 / TIMES)
    return sorted(took)[2]


if __name__ == '__main__':
    here, there = Pipe()
    child = Process(target=send_many, args=(there,))
    child.start()
    here.send(None)
    began = time.perf_counter()
    for _ in range(COUNT):
        here.recv()
    pipe = COUNT / (time.perf_counter() - began)
    here.send(None)
    child.join()
    queue = Queue()
    here, there = Pipe()
    child = Process(target=put_many, args=(queue, there))
    child.start()
    queue.get()
    here.send(None)
    began = time.perf_counter()
    for _ in range(COUNT):
        queue.get()
    items = COUNT / (time.perf_counter() - began)
    child.join()
    with Manager() as manager:
        lock = manager.Lock()

        def take():
            lock.acquire()
            lock.release()

        locked = middle(take)
    with Counters() as counters:
        counter = counters.Counter()
        called = middle(lambda: counter.add(1))
    print(json.dumps({'pipe': pipe, 'queue': items, 'lock': locked, 'call': called}))
