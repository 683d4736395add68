import { running } from './places';

/** Ends the processes of the set-up in reverse order. */
export default async function tearDown(): Promise<void> {
	for (const end of running.splice(0).reverse()) await end();
}
