import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const { community, credentials, nodes } = nodesBase.configs;

const parser = {
	parser: tseslint.parser,
	parserOptions: { extraFileExtensions: ['.json'] },
};

/**
 * What n8n checks of a package before it verifies it: both of its plugins, as they come, and no
 * console, deaf to disable comments. Only the rules that contradict each other, or that ask for
 * n8n's own repository, are off.
 */
export const shipped = [
	n8nCommunityNodesPlugin.configs.recommended,
	{
		languageOptions: parser,
		linterOptions: { noInlineConfig: true },
		plugins: { 'n8n-nodes-base': nodesBase },
		rules: { 'no-console': 'error' },
	},
];

/** What n8n checks in one kind of file more than in others. */
export const byKind = [
	{ files: ['**/package.json'], rules: community.rules },
	{
		files: ['**/credentials/**/*.ts'],
		rules: {
			...credentials.rules,
			// A community package gives a URL here, as the newer plugin checks.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
		},
	},
	{
		files: ['**/nodes/**/*.ts'],
		rules: {
			...nodes.rules,
			// The newer plugin asks for NodeConnectionTypes.Main where these ask for the text 'main'.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		},
	},
];
