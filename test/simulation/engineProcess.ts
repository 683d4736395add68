import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { compileFunction } from 'node:vm';

import type { INodeType } from 'n8n-workflow';

import type * as Clock from '../../nodes/shared/contract/clock';
import type { Provider } from '../../nodes/shared/contract/provider';
import type * as Execute from '../../nodes/shared/execute';
import { randomFrom, type VirtualTime } from './virtualTime';

const dist = resolve(__dirname, '../../dist');

type CompiledModule = (
	exports: object,
	require: (name: string) => unknown,
	module: { exports: object },
	math: Math,
) => void;

/** What a file of the package is, whichever process loads it. */
interface PackageFile {
	run: CompiledModule;
	/** The file or the module that it means by a name. */
	resolve(name: string): string;
	/** Loads what does not belong to the package. */
	require(name: string): unknown;
}
const files = new Map<string, PackageFile>();

function readPackageFile(file: string): PackageFile {
	const known = files.get(file);
	if (known) return known;
	const names = ['exports', 'require', 'module', 'Math'];
	const code = compileFunction(readFileSync(file, 'utf8'), names, { filename: file });
	const requireFromHere = createRequire(file);
	const read = {
		run: code as CompiledModule,
		resolve: remember((name) => resolve(dirname(file), `${name}.js`)),
		require: remember((name) => requireFromHere(name) as unknown),
	};
	files.set(file, read);
	return read;
}

function remember<T>(find: (name: string) => T): (name: string) => T {
	const found = new Map<string, T>();
	return (name) => {
		if (!found.has(name)) found.set(name, find(name));
		return found.get(name) as T;
	};
}

/** Loads the built package with module-level state and random numbers of its own. */
function loadPackage(random: () => number): (path: string) => object {
	const loaded = new Map<string, { exports: object }>();
	const math = Object.assign(Object.create(Math) as Math, { random });
	const load = (file: string): object => {
		const known = loaded.get(file);
		if (known) return known.exports;
		const module = { exports: {} };
		loaded.set(file, module);
		const read = readPackageFile(file);
		const requireModule = (name: string): unknown =>
			name.startsWith('.') ? load(read.resolve(name)) : read.require(name);
		read.run(module.exports, requireModule, module, math);
		return module.exports;
	};
	return (path) => load(resolve(dist, `${path}.js`));
}

/** One n8n process: the engine with its locks, rate limiters and clock. */
export interface EngineProcess {
	number: number;
	execute: typeof Execute.execute;
	/** One of its modules: `nodes/shared/http/rateLimiter`. */
	module(path: string): object;
	provider(name: string): Provider;
	/** @param name `FunnelFoxTrigger` */
	trigger(name: string): INodeType;
	/** The operator sets the wall clock; monotonic time goes on. */
	setClock(byMs: number): void;
	/** By how much its clock is wrong, ms. */
	clockError(): number;
	/** Its waits end no more. */
	kill(): void;
	isAlive(): boolean;
	/** Its world is over: another one may use what it has loaded. */
	release(): void;
}

/** A loaded package, and the random numbers of the program that runs it. */
interface LoadedEngine {
	load: (path: string) => object;
	random: { next: () => number };
	uses: number;
}

/** How many worlds a loaded package serves: it forgets no account. */
const maxUses = 200;
/** Loading takes longer than most worlds, and each world has accounts of its own. */
const idle: LoadedEngine[] = [];

function takeEngine(random: () => number): LoadedEngine {
	const source = { next: random };
	const known = idle.pop();
	if (!known) return { load: loadPackage(() => source.next()), random: source, uses: 1 };
	known.random.next = random;
	known.uses++;
	return known;
}

export function startProcess(number: number, time: VirtualTime, seed: number): EngineProcess {
	const engine = takeEngine(randomFrom(seed * 31 + number));
	const { load } = engine;
	const { installClock } = load('nodes/shared/contract/clock') as typeof Clock;
	const { execute } = load('nodes/shared/execute') as typeof Execute;
	const startedAt = time.now - 1_000_000 * (number + 1);
	let error = 0;
	let isAlive = true;
	installClock({
		now: () => time.now + error,
		monotonicNow: () => time.now - startedAt,
		sleep: async (ms) => await new Promise<void>((wake) => time.after(ms, () => isAlive && wake())),
	});
	return {
		number,
		execute,
		module: load,
		provider(name) {
			const folder = name[0].toUpperCase() + name.slice(1);
			return (load(`nodes/${folder}/provider`) as Record<string, Provider>)[name];
		},
		trigger(name) {
			const path = `nodes/${name.replace(/Trigger$/, '')}/${name}.node`;
			const Type = (load(path) as Record<string, new () => INodeType>)[name];
			return new Type();
		},
		setClock: (byMs) => void (error += byMs),
		clockError: () => error,
		kill: () => void (isAlive = false),
		isAlive: () => isAlive,
		release() {
			if (isAlive && engine.uses < maxUses) idle.push(engine);
			isAlive = false;
		},
	};
}
