/** Whether a registry's host is Amazon ECR's: `123456789012.dkr.ecr.eu-west-1.amazonaws.com`, in any partition, FIPS or not. */
export function isEcrHost(host: string): boolean {
  return /\.dkr[.-]ecr[.-]/.test(host);
}
