/**
 * The architecture of nodes/: which folder may import which. Every folder of nodes/shared is in the
 * table; a provider imports contract and fields only.
 */
const layers = {
	contract: [],
	fields: ['contract'],
	http: ['contract'],
	model: ['contract', 'fields', 'http'],
	run: ['contract', 'fields', 'http', 'model'],
	input: ['contract', 'fields', 'http', 'model', 'run'],
	write: ['contract', 'fields', 'http', 'model', 'run'],
	lookup: ['contract', 'fields', 'http', 'model', 'run', 'input', 'write'],
	output: ['contract', 'fields', 'http', 'model', 'run'],
	trigger: ['contract', 'fields', 'http'],
};
const shared = '^nodes/shared/';
const anyOf = (folders) => `(${folders.join('|')})/`;

const layerRules = Object.entries(layers).map(([folder, imports]) => ({
	name: `layer-${folder}`,
	severity: 'error',
	from: { path: `${shared}${folder}/` },
	to: { path: '^nodes/', pathNot: `${shared}${anyOf([folder, ...imports])}` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		{ name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
		...layerRules,
		{
			name: 'folder-without-a-layer',
			severity: 'error',
			from: {},
			to: { path: `${shared}[^/]+/`, pathNot: `${shared}${anyOf(Object.keys(layers))}` },
		},
		{
			name: 'entry-point-imports-provider',
			severity: 'error',
			from: { path: `${shared}[^/]+\\.ts$` },
			to: { path: '^nodes/(?!shared/)' },
		},
		{
			name: 'provider-imports-engine',
			comment: 'A provider is data: it declares, the engine acts.',
			severity: 'error',
			from: { path: '^nodes/(?!shared/)', pathNot: '\\.node\\.ts$' },
			to: { path: shared, pathNot: `${shared}(contract|fields)/` },
		},
		{
			name: 'provider-imports-another',
			severity: 'error',
			from: { path: '^nodes/(?!shared/)([^/]+)/' },
			to: { path: '^nodes/(?!shared/)', pathNot: '^nodes/$1/' },
		},
		{
			name: 'node-class-imports-engine-internals',
			severity: 'error',
			from: { path: '\\.node\\.ts$' },
			to: { path: `${shared}[^/]+/` },
		},
		{
			name: 'node-class-is-a-leaf',
			severity: 'error',
			from: { path: '^nodes/' },
			to: { path: '\\.node\\.ts$' },
		},
	],
	options: {
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.dev.json' },
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '^(dist|\\.cache)/' },
	},
};
