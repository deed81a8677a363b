// submit() gives a future at once; the function runs on a thread.
import { ThreadPoolExecutor } from 'multitask'

const square = (n: number): number => n * n
const inPython = (flag: boolean): string => (flag ? 'True' : 'False')

await using executor = new ThreadPoolExecutor()
const future = executor.submit(square, 5)
console.log(await future, inPython(future.done()), inPython(future.cancelled()))

// Output:
// 25 True False
