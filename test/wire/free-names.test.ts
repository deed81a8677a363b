import assert from 'node:assert/strict'
import { test } from 'node:test'
import { analyseText } from '../../dist/wire/free-names.js'

/** The free names of a text, those that are assigned with a `=` behind. */
function free(text: string, sloppy = false): string {
  const names = [...analyseText(text, sloppy).free]
  return names.map(([name, { assigned }]) => (assigned ? `${name}=` : name)).join(' ')
}

function early(text: string): string {
  return [...analyseText(text, false).free].flatMap(([name, use]) => (use.early ? [name] : [])).join(' ')
}

const names: readonly (readonly [claim: string, text: string, free: string])[] = [
  ['parameters are bound', '(a, { b, c: [d], ...e }, ...f) => [a, b, c, d, e, f]', 'c'],
  ['defaults and computed keys of parameters refer', '(a = x, { [y]: b = z } = {}) => a + b', 'x y z'],
  ['a default sees the parameters, not the body', '(a = inner) => { var inner = 1; return a + inner }', 'inner'],
  ['var belongs to the function, however deep', '() => { if (a) { for (;;) { var b = 1 } } return b }', 'a'],
  ['let belongs to the block', '() => { { let b = 1 } return b }', 'b'],
  ['a loop has its own scope', '() => { for (const i of xs) { i } return i }', 'xs i'],
  ['a loop may assign a name from outside', '() => { for (key in xs) { } }', 'key= xs'],
  ['a switch is one block', '() => { switch (a) { case 1: let b; default: return b } }', 'a'],
  ['catch binds its parameter', '() => { try { f() } catch ({ message = g }) { return message } }', 'f g'],
  ['a function expression knows its own name', 'function f() { return f() }', ''],
  ['who assigns that name assigns a variable outside', 'function f() { f = () => 1 }', 'f='],
  ['a class knows its own name', 'class A extends B { m() { return new A(C) } }', 'B C'],
  ['functions are hoisted in a block', '() => { f(); function f() { return g } }', 'g'],
  ['labels are no names', '() => { a: for (;;) { continue a } }', ''],
  ['property names are no names', '() => ({ a: b, c, [d]: e.f.g, h() { return i } })', 'b c d e i'],
  ['a method is bound to nothing', 'method(a) { return a + b }', 'b'],
  ['the computed key of a method has been evaluated', '[key](a) { return a + b }', 'b'],
  ['accessors are methods', 'get size() { return a }', 'a'],
  ['async methods and generators are methods', 'async *items() { yield* a }', 'a'],
  ['a method may have the name of a keyword', 'function() { return a }', 'a'],
  ['assignments', '() => { a = 1; b += 1; c++; [d, { e: f, ...g }] = h }', 'a= b= c= d= f= g= h'],
  ['to assign a property is to read the object', '() => { a.b = 1; [c.d] = e; delete f.g }', 'a c e f'],
  ['defaults in patterns that are assigned to', '() => { ({ a = b } = c) }', 'a= b c'],
  ['static blocks have a scope of their own', 'class { static { var a = b; this.a = a } }', 'b'],
  ['fields', 'class { a = b; static [c] = d; #e = f }', 'b c d f'],
  ['templates', '() => tag`a ${b}`', 'tag b'],
  ['arguments of a function are its own', 'function f() { return () => arguments[0] }', ''],
  ['typeof', "() => typeof a === 'undefined'", 'a'],
  ['destructuring declarations', '() => { const { a, b: [c = d] } = e; return a + c }', 'e d'],
  ['optional chains', '() => a?.b?.[c]', 'a c'],
]
for (const [claim, text, expected] of names) {
  test(`${claim}: ${text}`, () => {
    assert.deepEqual(free(text).split(' ').toSorted(), expected.split(' ').toSorted())
  })
}

test('in sloppy code a function in a block is seen in the whole function; in strict code it is not', () => {
  const text = 'function f() { { function g() {} } return g }'
  assert.equal(free(text, true), '')
  assert.equal(free(text, false), 'g')
})

const ties: readonly (readonly [text: string, tie: string])[] = [
  ['() => this.a', 'usesThis'],
  ['() => { class A { [this.a]() {} } }', 'usesThis'],
  ['() => arguments.length', 'usesArguments'],
  ['method() { return super.method() }', 'usesSuper'],
  ['() => super.method()', 'usesSuper'],
  ["() => eval('a')", 'callsEval'],
  ['() => import.meta.url', 'usesImportMeta'],
]
for (const [text, tie] of ties) {
  test(`${tie}: ${text}`, () => {
    assert.equal(analyseText(text, false)[tie as 'usesThis'], true)
  })
}

test('what a function, method or class owns is no tie', () => {
  for (const text of [
    'function f() { return () => this.a + arguments.length + new.target }',
    'method() { return { inner() { return super.toString() + this.a } } }',
    'class A extends B { x = this.y; static { this.z = 1 } constructor() { super() } m() { return super.m() } }',
    "() => (0, eval)('1')",
    '(eval) => eval(1)',
  ]) {
    const { usesThis, usesArguments, usesSuper, callsEval } = analyseText(text, false)
    assert.deepEqual(
      { text, usesThis, usesArguments, usesSuper, callsEval },
      {
        text,
        usesThis: false,
        usesArguments: false,
        usesSuper: false,
        callsEval: false,
      },
    )
  }
})

test('a with statement is found in sloppy code', () => {
  assert.equal(analyseText('function f(o) { with (o) { return a } }', true).usesWith, true)
})

test('text that only sloppy code may have is read as sloppy', () => {
  assert.equal(analyseText('() => 010', false).strict, false)
  assert.equal(analyseText('() => 8', false).strict, true)
})

test('a private name is tied to its class, unless the class is in the text', () => {
  assert.equal(analyseText('(a) => a.#b', false).outerPrivateName, '#b')
  assert.equal(analyseText('class { #b; m(a) { return #b in a && a.#b } }', false).outerPrivateName, undefined)
  assert.equal(analyseText('class { #b; m(a) { return a.#c } }', false).outerPrivateName, '#c')
})

test('the members that are used of a name are known, unless it is used as a whole', () => {
  const { free: found } = analyseText('() => { a.b(); (0, a.c)(); return typeof d.e + d }', false)
  assert.deepEqual([...(found.get('a')?.members ?? [])], ['b', 'c'])
  assert.equal(found.get('d')?.members, undefined)
})

test('a class needs early what runs while it is made', () => {
  assert.equal(
    early(
      'class A extends B { [c]() { return d } e = f; static g = h; static i() { return j } static k = () => l(m) }',
    ),
    'B c h',
  )
})

test('a class that calls something while it is made may need all of it early', () => {
  assert.equal(early('class A { static a = A.make(); static make() { return b } }'), 'b')
})

test('what esbuild keeps names with, and the receiver provides, is known to call nothing of the class', () => {
  assert.equal(early("class A { static { __name(this, 'A') } m() { return b } }"), '__name')
})

test('dynamic imports are found, and replaced without moving a column', () => {
  const { importCalls, text } = analyseText("async () => [await import('./a.js'), import(b)]", false)
  assert.deepEqual(
    importCalls.map(({ specifier }) => specifier),
    ['./a.js', undefined],
  )
  assert.equal(text, "async () => [await $mport('./a.js'), $mport(b)]")
})

test('what has been replaced is found again, in a worker that sends the function on', () => {
  assert.equal(analyseText("async () => $mport('./a.js')", false).importCalls[0]?.specifier, './a.js')
  assert.deepEqual(analyseText("async ($mport) => $mport('./a.js')", false).importCalls, [])
})

test('a computed key gives way to a plain one', () => {
  assert.equal(analyseText('async *[Symbol.iterator](a) { yield a }', false).text, 'async *method(a) { yield a }')
})

test('text that is no function of its own is refused with the reason', () => {
  assert.throws(() => analyseText('#secret() { return 1 }', false), SyntaxError)
})
