/** The public surface is a text file, so that a change of it shows as one. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import * as multitask from 'multitask'

const file = new URL('surface.txt', import.meta.url)

const builtIn = new Set<object>([Object.prototype, Error.prototype, Promise.prototype])

/** Public members of a class, inherited ones too, its statics first, its getters by name. */
function membersOf(value: Function): string {
  const hidden = new Set(['length', 'name', 'prototype', 'constructor', 'arguments', 'caller'])
  const own = Reflect.ownKeys(value).filter(key => !hidden.has(String(key)))
  const methods = new Set<string>()
  for (let each = value.prototype as object; !builtIn.has(each); each = Object.getPrototypeOf(each) as object) {
    for (const key of Reflect.ownKeys(each)) {
      // Those with `_` are of the house.
      if (!hidden.has(String(key)) && !String(key).startsWith('_')) methods.add(String(key))
    }
  }
  const names = [...own.map(key => `static ${String(key)}`), ...methods]
  // Node 20 has these symbols under names of its own.
  return names
    .map(name => name.replace(/nodejs\.(dispose|asyncDispose)/, 'Symbol.$1'))
    .toSorted()
    .join(', ')
}

function byName(a = '', b = ''): number {
  return a < b ? -1 : 1
}

function surface(): string {
  const values = Object.entries(multitask).map(([name, value]) => {
    if (typeof value !== 'function') return `${name}: ${typeof value}`
    const isClass = /^class\b/.test(Function.prototype.toString.call(value))
    return isClass ? `class ${name} { ${membersOf(value)} }`.replace('{  }', '{}') : `function ${name}`
  })
  const source = readFileSync(new URL('../src/index.ts', import.meta.url), 'utf8')
  const types = [...source.matchAll(/^export type \{([^}]*)\}|\btype (\w+)/gm)].flatMap(([, list, one]) =>
    list === undefined ? [one] : list.split(',').map(name => name.trim()),
  )
  return [...values.toSorted(byName), ...types.toSorted(byName).map(name => `type ${name}`)].join('\n') + '\n'
}

void test('the public surface is what surface.txt says; UPDATE_SURFACE=1 writes it anew', () => {
  if (process.env['UPDATE_SURFACE'] === '1') writeFileSync(file, surface())
  assert.equal(surface(), readFileSync(file, 'utf8'))
})
