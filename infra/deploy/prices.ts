/**
 * List prices of AWS in us-east-1, in US dollars without tax: on-demand, without free tier and savings plans. An
 * estimate as of the date: look at the pages named below before you rely on it. Other regions are mostly up to a third
 * dearer.
 */
export const prices = {
  date: "2026-06",
  region: "us-east-1",
  /** AWS counts a month as 730 hours. */
  hoursPerMonth: 730,
  /** Per hour: https://aws.amazon.com/fargate/pricing/ */
  fargate: { X86_64: { vcpu: 0.04048, gib: 0.004445 }, ARM64: { vcpu: 0.03238, gib: 0.00356 } },
  /** What Fargate Spot mostly costs of the price. */
  spotShare: 0.3,
  /** Per public address and hour: https://aws.amazon.com/vpc/pricing/ */
  publicAddress: 0.005,
  /** Per hour, and per load balancer capacity unit and hour: https://aws.amazon.com/elasticloadbalancing/pricing/ */
  loadBalancer: { hour: 0.0225, capacityUnit: 0.008 },
  /** Per interface endpoint, zone and hour: https://aws.amazon.com/privatelink/pricing/ */
  endpoint: 0.01,
  /** Per Aurora capacity unit and hour, and per GB and month: https://aws.amazon.com/rds/aurora/pricing/ */
  aurora: { capacityUnit: 0.12, storage: 0.1 },
  /** Per month: https://aws.amazon.com/secrets-manager/pricing/ */
  secret: 0.4,
  /** Per alarm, and per metric of one's own, and month; per GB of logs: https://aws.amazon.com/cloudwatch/pricing/ */
  cloudwatch: { alarm: 0.1, metric: 0.3, logs: 0.5 },
  /** Per private hosted zone and month: https://aws.amazon.com/route53/pricing/ */
  hostedZone: 0.5,
  /** Per GB and month: https://aws.amazon.com/ecr/pricing/ */
  imageStorage: 0.1,
};
