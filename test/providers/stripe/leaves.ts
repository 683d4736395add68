import { cancelled } from '../../triggers/signedWebhooks';
import type { Leaves } from '../../triggers/workflow';
import { signedProvider } from './signed';

export const leaves: Leaves = async () => await cancelled(signedProvider);
