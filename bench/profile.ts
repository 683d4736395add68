interface Profile {
	nodes: Array<{ id: number; callFrame: { functionName: string; url: string } }>;
	samples: number[];
	timeDeltas: number[];
}

/** Where the CPU was: milliseconds by package, then by function, the most first. */
export function summaryOf(json: string, most = 25): string {
	const { nodes, samples, timeDeltas } = JSON.parse(json) as Profile;
	const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
	const packages = new Map<string, number>();
	const functions = new Map<string, number>();
	samples.forEach((id, index) => {
		const frame = frames.get(id);
		if (!frame || frame.functionName === '(idle)') return;
		const took = timeDeltas[index] / 1000;
		const name = packageOf(frame.url) || frame.functionName;
		const full = `${frame.functionName || '(anonymous)'}  ${name} ${frame.url.split('/').at(-1)}`;
		packages.set(name, (packages.get(name) ?? 0) + took);
		functions.set(full, (functions.get(full) ?? 0) + took);
	});
	return [packages, functions]
		.map((table) =>
			[...table]
				.sort(([, one], [, other]) => other - one)
				.slice(0, most)
				.map(([name, took]) => `${took.toFixed(0).padStart(8)} ms  ${name}`)
				.join('\n'),
		)
		.join('\n\n');
}

function packageOf(url: string): string {
	const inside = url.split('node_modules/').at(-1) ?? '';
	if (url.startsWith('node:')) return 'node';
	if (!url.includes('node_modules/')) return url;
	return inside
		.split('/')
		.slice(0, inside.startsWith('@') ? 2 : 1)
		.join('/');
}
