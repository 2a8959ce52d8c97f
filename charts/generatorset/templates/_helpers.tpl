{{- /* The chart and its version, as a label may hold it. */ -}}
{{- define "generatorset.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* What finds the controller's pods; it never changes. */ -}}
{{- define "generatorset.selectorLabels" -}}
app.kubernetes.io/name: generatorset
app.kubernetes.io/component: controller
{{- end -}}

{{- /* Labels of the controller's pods. */ -}}
{{- define "generatorset.podLabels" -}}
{{ include "generatorset.selectorLabels" . }}
app.kubernetes.io/instance: {{ .Release.Namespace | quote }}
app.kubernetes.io/part-of: generatorset
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end -}}

{{- /* Labels of the controller's objects. */ -}}
{{- define "generatorset.labels" -}}
{{ include "generatorset.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ include "generatorset.chart" . }}
{{- end -}}

{{- /* The account that the controller runs as, made here or not. */ -}}
{{- define "generatorset.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default "generatorset-controller" -}}
{{- end -}}

{{- /* repository:tag, repository@digest where a digest is given, or both. */ -}}
{{- define "generatorset.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{- .repository -}}{{- with .tag -}}:{{ . }}{{- end -}}@{{ .digest }}
{{- else -}}
{{- .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* The command line: flags only where a value is not what the controller takes anyway. */ -}}
{{- define "generatorset.args" -}}
- controller
- --enable-leader-election
{{- with .Values.controller }}
{{- if and .defaultServiceAccount (not $.Values.clusterAdmin) }}
- {{ printf "--default-service-account=%s" .defaultServiceAccount | quote }}
{{- end }}
{{- with .eventsAddr }}
- {{ printf "--events-addr=%s" . | quote }}
{{- end }}
{{- if ne .logLevel "info" }}
- --log-level={{ .logLevel }}
{{- end }}
{{- if ne .logEncoding "json" }}
- --log-encoding={{ .logEncoding }}
{{- end }}
{{- if ne (int .concurrent) 10 }}
- --concurrent={{ int .concurrent }}
{{- end }}
{{- if not .watchAllNamespaces }}
- --watch-all-namespaces=false
{{- end }}
{{- with .watchLabelSelector }}
- {{ printf "--watch-label-selector=%s" . | quote }}
{{- end }}
{{- if not .noCrossNamespaceRefs }}
- --no-cross-namespace-refs=false
{{- end }}
{{- range .extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end }}
{{- end -}}
