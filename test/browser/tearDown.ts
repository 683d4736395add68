import { running } from './places';

/** Ends what the set-up started, last one first. */
export default async function tearDown(): Promise<void> {
	for (const end of running.splice(0).reverse()) await end();
}
