import { cancelled, signedProviders } from '../../triggers/signedWebhooks';
import type { Leaves } from '../../triggers/workflow';

export const leaves: Leaves = async () => await cancelled(signedProviders[1]);
