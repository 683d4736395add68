import tseslint from 'typescript-eslint';
import { byKind, shipped } from './eslint.rules.mjs';

/** n8n's own rules on what ships; typescript-eslint's recommended rules on everything else. */
export default tseslint.config(
	{ ignores: ['dist/', '.cache/', 'coverage/'] },
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommended],
		linterOptions: { reportUnusedDisableDirectives: 'error' },
	},
	{
		files: ['package.json', '{nodes,credentials}/**/*.{ts,json}'],
		extends: [shipped, byKind],
	},
	{
		files: ['{nodes,credentials}/**/*.ts'],
		rules: {
			complexity: ['error', 12],
			'max-params': ['error', 4],
			'max-lines': ['error', 250],
		},
	},
	{
		// Every request passes the rate limiter, the retry policy and the redaction of http/.
		files: ['nodes/**/*.ts'],
		ignores: ['nodes/shared/http/**'],
		rules: {
			'no-restricted-properties': [
				'error',
				{ property: 'helpers', message: "Only nodes/shared/http uses n8n's helpers." },
			],
		},
	},
);
