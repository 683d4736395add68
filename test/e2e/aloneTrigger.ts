import type { IDataObject } from 'n8n-workflow';
import type { WorkflowFile } from '../../host/n8n';

/** A workflow of one trigger and nothing behind it. @param id the credential's */
export const alone = (name: string, credential: string, id: string, more: IDataObject = {}) =>
	({
		id: name,
		name,
		nodes: [
			{
				id: name,
				name: 'Trigger',
				type: `n8n-nodes-cancellations.${name}`,
				typeVersion: 1,
				position: [0, 0],
				webhookId: name,
				parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...more },
				credentials: { [credential]: { id, name: id } },
			},
		],
		connections: {},
		settings: { executionOrder: 'v1' },
		active: false,
	}) as WorkflowFile;
