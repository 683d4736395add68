import * as newer from '../n8n';

export * from '../n8n';

/** n8n 1.123's default engine for expressions comes ready-made for Node 22 and newer only. */
const needsLegacyEngine = Number(process.versions.node.split('.')[0]) < 22;

/** As ../n8n.ts has it, less the one setting that n8n 1.123 does not know. */
export async function environment(userFolder: string): Promise<NodeJS.ProcessEnv> {
	const settings = await newer.environment(userFolder);
	delete settings.N8N_DISABLED_MODULES;
	if (needsLegacyEngine) settings.N8N_EXPRESSION_ENGINE = 'legacy';
	return settings;
}
