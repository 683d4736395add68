import { shared } from './setUpShared';

export default async function tearDownShared(): Promise<void> {
	await shared?.stop();
}
