"""Python's multiprocessing: the same questions."""
import json
import time
from multiprocessing import Barrier, Lock, Manager, Pipe, Process, Queue, Value
from multiprocessing.managers import BaseManager

COUNT = 200000
TIMES = 1000
ADDITIONS = 50000


def send_many(connection):
    connection.recv()
    for i in range(COUNT):
        connection.send(i)
    connection.recv()


def receive_many(connection):
    connection.send(None)
    for _ in range(COUNT):
        connection.recv()
    connection.send(None)


def put_many(queue, go):
    queue.put(0)
    go.recv()
    for i in range(COUNT):
        queue.put(i)


def count_up(value, barrier, times, took):
    barrier.wait()
    began = time.perf_counter()
    for _ in range(times):
        with value.get_lock():
            value.value += 1
    took.put(time.perf_counter() - began)


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


def take_and_release(lock):
    def take():
        lock.acquire()
        lock.release()

    return middle(take)


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
    here, there = Pipe()
    child = Process(target=receive_many, args=(there,))
    child.start()
    here.recv()
    began = time.perf_counter()
    for i in range(COUNT):
        here.send(i)
    here.recv()
    back = COUNT / (time.perf_counter() - began)
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
    value, barrier, took = Value('i'), Barrier(2), Queue()
    children = [Process(target=count_up, args=(value, barrier, ADDITIONS, took)) for _ in range(2)]
    for each in children:
        each.start()
    additions = 2 * ADDITIONS / max(took.get() for _ in children)
    for each in children:
        each.join()
    locked = take_and_release(Lock())
    with Manager() as manager:
        managed = take_and_release(manager.Lock())
    with Counters() as counters:
        counter = counters.Counter()
        called = middle(lambda: counter.add(1))
    print(
        json.dumps(
            {
                'pipe': pipe,
                'back': back,
                'queue': items,
                'additions': additions,
                'lock': locked,
                'managed': managed,
                'call': called,
            }
        )
    )
