/** What the controller of an installation is told. */
export interface ControllerSettings {
  /** Whether sets without a service account may do anything. */
  readonly clusterAdmin?: boolean;
  readonly logLevel?: string;
  /** Address of Flux's notification-controller. */
  readonly eventsAddr?: string;
  readonly watchLabelSelector?: string;
}

/**
 * The command line of the controller. Without the rights of an admin it never acts as itself: sets that name no service
 * account have `default` of their namespace, which may do nothing.
 */
export function controllerArgs(settings: ControllerSettings): string[] {
  const { clusterAdmin = false, logLevel, eventsAddr, watchLabelSelector } = settings;
  return [
    'controller',
    '--enable-leader-election',
    ...(clusterAdmin ? [] : ['--default-service-account=default']),
    ...(eventsAddr === undefined ? [] : [`--events-addr=${eventsAddr}`]),
    ...(logLevel === undefined ? [] : [`--log-level=${logLevel}`]),
    ...(watchLabelSelector === undefined ? [] : [`--watch-label-selector=${watchLabelSelector}`]),
  ];
}
