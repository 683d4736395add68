import Module from 'node:module';

/**
 * Preloaded into n8n: says how long the two parts of its start take that deal with packages, loading
 * their nodes and credentials, and writing their descriptions for the editor.
 */
const timed: Record<string, string> = {
	LoadNodesAndCredentials: 'init',
	FrontendService: 'generateTypes',
};

type Method = (...args: unknown[]) => Promise<unknown>;
type Loaded = Record<string, { prototype: Record<string, Method> } | undefined> | undefined;
const loader = Module as unknown as { _load: (...args: unknown[]) => Loaded };

const load = loader._load;
loader._load = function (...args) {
	const loaded = load.apply(this, args);
	for (const [type, name] of Object.entries(timed)) {
		if (!/load-nodes-and-credentials|frontend\.service/.test(String(args[0]))) continue;
		const prototype = loaded?.[type]?.prototype;
		if (!prototype) continue;
		delete timed[type];
		const method = prototype[name];
		prototype[name] = async function (...given) {
			const began = performance.now();
			const result = await method.apply(this, given);
			process.stdout.write(`bench ${name} ${performance.now() - began}\n`);
			return result;
		};
	}
	return loaded;
};
