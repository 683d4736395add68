import { providers } from '../sandbox/providers';
import type { CredentialFile } from './n8n';

/** The accounts of the sandbox, with the IDs in the workflows. */
export function sandboxCredentials(sandbox: string): CredentialFile[] {
	return [
		...providers.flatMap(({ credentials }) => credentials(sandbox)),
		{
			id: 'rehearsalOpenAi',
			name: 'OpenAI sandbox',
			type: 'openAiApi',
			data: { apiKey: 'any key is good', url: `${sandbox}/openai/v1` },
		},
	];
}
