import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeadlockError, Lock, ThreadPoolExecutor, waiters } from 'multitask'
import { runProgram } from '../fixtures/run-program.ts'

const LIMIT = { timeout: 30_000 }

test('two tasks in a circle are told who holds what, when nothing else is left to run', LIMIT, async () => {
  const end = await runProgram('sync-programs/circle.ts')
  const told = [
    'nothing is left to run that could end the waiting:',
    '  1 waits for the Lock "b", held in thread "MainThread"',
    '  1 waits for the Lock "a", held in thread "MainThread"',
  ]
  const free = ['Lock "a" { free } Lock "b" { free }']
  assert.deepEqual(end.stdout.trimEnd().split('\n').toSorted(), [...told, ...told, ...free].toSorted())
  assert.deepEqual([end.code, end.stderr], [0, ''])
})

test('a wait that nobody can end fails each time, and ends the program if nobody looks', LIMIT, async () => {
  const { code, stdout, stderr } = await runProgram('sync-programs/nobody-releases.ts')
  assert.equal(stdout, 'DeadlockError\n')
  assert.match(stderr, /1 waits for the Lock, held in thread "MainThread"/)
  assert.equal(code, 1)
})

test('a wait for what only another thread could give ends when that thread does', LIMIT, async () => {
  const { code, stdout, stderr } = await runProgram('sync-programs/hope-ends.ts')
  assert.equal(stderr, '')
  assert.match(
    stdout,
    /^true\nnothing is left to run.*\n {2}1 waits for the Lock "held", held in thread "MainThread"\n$/,
  )
  assert.equal(code, 0)
})

test('a program that waits for another thread stays alive', LIMIT, async () => {
  assert.deepEqual(await runProgram('sync-programs/hope.ts'), { code: 0, stdout: 'got it\n', stderr: '' })
})

test('waiters() lists who waits for what, also in other threads', LIMIT, async () => {
  const lock = new Lock({ name: 'jobs' })
  const guard = lock.tryAcquire()!
  assert.deepEqual(waiters(), [])
  const pool = new ThreadPoolExecutor({ maxWorkers: 1, name: 'crew' })
  const mine = lock.acquire()
  const theirs = pool.submit((shared: Lock) => {
    shared.acquireSync().release()
    return true
  }, lock)
  while (waiters().length < 2) await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(waiters(), [
    { thread: 'MainThread', waitsFor: 'Lock "jobs"', state: 'held in thread "MainThread"', blocked: false, tasks: 1 },
    { thread: 'crew-0', waitsFor: 'Lock "jobs"', state: 'held in thread "MainThread"', blocked: true, tasks: 0 },
  ])
  guard.release()
  const next = await mine
  next.release()
  assert.equal(await theirs, true)
  await pool.shutdown()
  assert.deepEqual(waiters(), [])
})

test('to block for a lock that this thread holds is an error at once, unless there is a timeout', LIMIT, () => {
  const lock = new Lock({ name: 'own' })
  lock.acquireSync()
  assert.throws(() => lock.acquireSync(), {
    name: 'DeadlockError',
    message: 'the Lock "own" is held in this thread: to block for it would never end',
  })
  assert.throws(() => lock.acquireSync(), DeadlockError)
  assert.throws(() => lock.acquireSync({ timeout: 1 }), {
    name: 'TimeoutError',
    message: 'the Lock "own" is held by thread "MainThread", and still was after 1 ms',
  })
  lock.release()
})
