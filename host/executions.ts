import { setTimeout as wait } from 'node:timers/promises';
import type { IRun } from 'n8n-workflow';
import { type Execution, executionOf, type WorkflowFile } from './n8n';
import type { Rest } from './session';

/** Workflow and execution calls of n8n's editor. */
export function workflowCalls(rest: Rest) {
	async function execution(id: string): Promise<Execution> {
		return executionOf(unpacked(await rest<PackedRun>('GET', `/executions/${id}`)));
	}
	return {
		async createWorkflow(workflow: WorkflowFile) {
			const { name, nodes, connections, settings } = workflow;
			const content = { name, nodes, connections, settings };
			return (await rest<{ id: string }>('POST', '/workflows', content)).id;
		},
		async activate(id: string) {
			const { versionId } = await rest<{ versionId: string }>('GET', `/workflows/${id}`);
			await rest('POST', `/workflows/${id}/activate`, { versionId });
		},
		async run(id: string, trigger: string) {
			const body = { triggerToStartFrom: { name: trigger } };
			const answer = await rest<{ executionId: string }>('POST', `/workflows/${id}/run`, body);
			return answer.executionId;
		},
		execution,
		async finished(id: string) {
			for (;;) {
				const { status } = await rest<{ status: IRun['status'] }>('GET', `/executions/${id}`);
				if (!['new', 'running', 'waiting'].includes(status)) return await execution(id);
				await wait(200);
			}
		},
		async executions(workflowId: string) {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			const answer = await rest<{ results: Array<{ id: string; status: IRun['status'] }> }>(
				'GET',
				`/executions?filter=${filter}`,
			);
			return answer.results;
		},
		async retry(id: string) {
			const answer = await rest<{ id: string }>('POST', `/executions/${id}/retry`, {
				loadWorkflow: false,
			});
			return await execution(answer.id);
		},
	};
}

interface PackedRun {
	status: IRun['status'];
	data: string;
}

function unpacked({ status, data }: PackedRun): Pick<IRun, 'status' | 'data'> {
	return { status, data: unflatten(data) as IRun['data'] };
}

/**
 * n8n sends execution data as one table: a string inside an object or list is the position of its
 * value in the table.
 */
function unflatten(text: string): unknown {
	const table = JSON.parse(text) as unknown[];
	const made = new Map<number, unknown>();
	const at = (position: number): unknown => {
		if (made.has(position)) return made.get(position);
		const entry = table[position];
		if (typeof entry !== 'object' || entry === null) return entry;
		const copy: Record<string, unknown> | unknown[] = Array.isArray(entry) ? [] : {};
		made.set(position, copy);
		for (const [key, value] of Object.entries(entry)) {
			Reflect.set(copy, key, typeof value === 'string' ? at(Number(value)) : value);
		}
		return copy;
	};
	return at(0);
}
