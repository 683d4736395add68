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
);
