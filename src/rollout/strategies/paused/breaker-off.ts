import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { Notice } from '../../../core/trail/event.ts';
import type { StartAlternative } from '../../traffic/start-deployment.ts';
import { withoutBreaker } from './pause-hook.ts';

interface Starting {
  readonly service: { readonly name: string };
  readonly tell: (event: Notice) => void;
}

/**
 * The same configurations without the service's circuit breaker, for the case that ECS refuses it
 * together with a strategy that shifts traffic. Empty when the service has none.
 */
export function breakerOff(
  { service, tell }: Starting,
  own: DeploymentConfiguration,
  { configuration, accepted }: StartAlternative,
): readonly StartAlternative[] {
  if (!own.deploymentCircuitBreaker?.enable) return [];
  return [
    {
      configuration: (refusal) => withoutBreaker(configuration(refusal)),
      accepted() {
        accepted();
        const message = `ECS refused the circuit breaker of service ${service.name} for this deployment. It is off during the rollout and is restored at its end.`;
        tell({ kind: 'notice', level: 'warning', message });
      },
    },
  ];
}
