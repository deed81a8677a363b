/**
 * Asks a question of its contestants in rounds: A B C, A B C, A B C. What slows the machine down for a while then slows
 * all of them, and shows as the spread between rounds. Each answer comes from a process of its own.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Answers, Figures, Question, Results } from './question.ts'
import type { Runtime } from './runtime.ts'

const LIMIT = 60_000

export interface Rounds {
  readonly rounds: number
  readonly only: readonly string[] | undefined
  readonly runtime: Runtime
  readonly progress: (text: string) => void
}

export async function ask(name: string, question: Question, options: Rounds): Promise<Results> {
  const rounds = Math.min(options.rounds, question.mostRounds ?? Infinity)
  const contestants = question.contestants.filter(each => options.only?.includes(each) ?? true)
  const answers = new Map<string, { figures: Figures[]; failure: string | undefined }>(
    contestants.map(contestant => [contestant, { figures: [], failure: undefined }]),
  )
  for (let round = 1; round <= rounds; round++) {
    for (const [contestant, answer] of answers) {
      const figures: Record<string, number> = {}
      for (const condition of question.conditions ?? ['']) {
        options.progress(`${name}, round ${round} of ${rounds}: ${contestant} ${condition}`)
        try {
          Object.assign(figures, await measured(options.runtime, [name, contestant, condition]))
        } catch (error) {
          answer.failure = reasonOf(error)
        }
      }
      answer.figures.push(figures)
    }
  }
  return answers satisfies ReadonlyMap<string, Answers>
}

async function measured(runtime: Runtime, args: readonly string[]): Promise<Figures> {
  const child = join(import.meta.dirname, 'child.ts')
  const { stdout } = await promisify(execFile)(runtime.program, [...runtime.args, child, ...args], {
    env: { ...process.env, ...runtime.env },
    timeout: LIMIT,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 26,
  })
  // Rivals may print too, but the figures come last.
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Figures
}

function reasonOf(error: unknown): string {
  const { killed, stderr = '', message } = error as { killed?: boolean; stderr?: string; message: string }
  if (killed === true) return `not done after ${LIMIT / 1000} s`
  const thrown = /^.*Error.*$/m.exec(stderr)?.[0] ?? message
  return thrown.trim().slice(0, 100)
}
