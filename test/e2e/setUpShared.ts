import { readyWorkflows } from '../../host/demo';
import { importWorkflows } from '../../host/n8n';
import { type RunningN8n, startN8n } from '../../host/server';
import { places, sharedFolder } from './places';
import { prepareHome } from './setUp';

/** The n8n that `tearDownShared` stops. */
export let shared: RunningN8n | undefined;

/** Starts the n8n that test files share, with the ready workflows. */
export default async function setUpShared(): Promise<void> {
	await prepareHome(sharedFolder);
	await importWorkflows(sharedFolder, readyWorkflows());
	shared = await startN8n({ userFolder: sharedFolder });
	places.sharedN8n = shared.url;
}
