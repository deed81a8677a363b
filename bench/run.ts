/**
 * npm run bench [-- QUESTION…] [--rounds N] [--only CONTESTANT,…] [--runtime NAME | --node PATH] [--json FILE]
 *
 * Answers the questions of bench/README.md, all of them unless some are named, with our rivals beside us.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Chart } from './chart.ts'
import { draw } from './draw.ts'
import { machine } from './machine.ts'
import { type Question, type QuestionName, questions } from './question.ts'
import { installRivals, rivalVersions } from './rivals.ts'
import { ask } from './rounds.ts'
import { runtimeOf } from './runtime.ts'

const { values: options, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    runtime: { type: 'string' },
    node: { type: 'string' },
    json: { type: 'string' },
  },
  allowPositionals: true,
})
const names = positionals.length > 0 ? positionals.map(known) : (Object.keys(questions) as QuestionName[])
const rounds = Number(options.rounds)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new RangeError(`--rounds must be a whole number from 1, not ${options.rounds}`)

installRivals()
const runtime = await runtimeOf(options.runtime, options.node)
const where = machine()
const versions = rivalVersions()
const only = options.only?.split(',')
console.log(`${runtime.name} on ${where.cores} × ${where.cpu}, ${where.memory}, ${where.system}, load ${where.load}`)
console.log(
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', '),
)

const answered: Record<string, Chart[]> = {}
for (const name of names) {
  const { question }: { question: Question } = await questions[name]()
  const results = await ask(name, question, { rounds, only, runtime, progress })
  progress('')
  // With `--only`, a question may be left without anybody to ask.
  if (results.size === 0) continue
  answered[name] = question.charts(results)
  for (const chart of answered[name]) console.log(`\n${draw(chart)}`)
  if (options.json) save(options.json)
}

function known(name: string): QuestionName {
  if (!(name in questions)) throw new Error(`no question ${name}; there are ${Object.keys(questions).join(', ')}`)
  return name as QuestionName
}

/** On one line that is overwritten, for those who watch. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`)
}

/** After each question, so that a run that was cut short leaves what it has. */
function save(file: string): void {
  const record = {
    date: new Date().toISOString(),
    runtime: runtime.name,
    machine: where,
    versions,
    rounds,
    charts: answered,
  }
  writeFileSync(file, `${JSON.stringify(record, undefined, 2)}\n`)
}
