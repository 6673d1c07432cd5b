/**
 * Consoles that run code, show data or change the cluster for whoever reaches them, by the names their projects give them.
 * Sources: charts of the projects; Microsoft threat matrix for Kubernetes, "Exposed sensitive interfaces".
 */
const dashboards: readonly (readonly [name: RegExp, product: string])[] = [
  [/kubernetes-dashboard|^headlamp/, 'Kubernetes dashboard'],
  [/kubeflow|^centraldashboard|^ml-pipeline/, 'Kubeflow'],
  [/istio-ingressgateway$/, 'Istio ingress gateway'],
  [/argo-?cd.*-server|^argo-server|argo-workflows-server/, 'Argo'],
  [/grafana/, 'Grafana'],
  [/prometheus(?!-adapter)|alertmanager/, 'Prometheus'],
  [/kibana|opensearch-dashboards/, 'Kibana'],
  [/jupyter|^proxy-public$/, 'Jupyter'],
  [/-head-svc$|^ray-/, 'Ray'],
  [/airflow-(?:webserver|api-server)/, 'Airflow'],
  [/^rancher$/, 'Rancher'],
  [/jenkins/, 'Jenkins'],
  [/^weave-scope/, 'Weave Scope'],
  [/^(?:hubble-ui|kiali|longhorn-frontend|octant|portainer)/, 'cluster console'],
  [/^vault(?:-ui)?$/, 'Vault'],
];

/** The console that an object's name stands for. Somebody who exposes his own is free to call it otherwise. */
export function dashboardNamed(...names: readonly string[]): string | undefined {
  return dashboards.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}
