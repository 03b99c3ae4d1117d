namespace Connections.Load.Subjects;

/// <summary>What one could use in place of Connections. All of it does the same work: each tab of a user gets each message of its user.</summary>
internal sealed partial class SubjectStart
{
    private const string NchanModule = "/usr/lib/nginx/modules/ngx_nchan_module.so";

    private Task<Subject> NginxAsync() => NginxAsync(Way.Nginx, "", "", $$"""
        location / {
          proxy_pass http://127.0.0.1:{{_backend.Port}}; proxy_http_version 1.1; proxy_read_timeout 1h;
          proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection Upgrade;
        }
        """);

    // Short buffers: a tab that was away does not resume.
    private async Task<Subject> NchanAsync()
    {
        var subject = await NginxAsync(Way.Nchan, $"load_module {NchanModule};", "nchan_shared_memory_size 256M;", """
            location ~ ^/ws/(u\d+)$ { nchan_subscriber websocket; nchan_channel_id $1; nchan_subscriber_first_message newest; }
            location ~ ^/pub/(u\d+)$ { nchan_publisher websocket; nchan_channel_id $1; nchan_message_buffer_length 64; nchan_message_timeout 10s; }
            """);
        return await WithBridgeAsync(subject, "nchan", subject.Ports[0]);
    }

    private async Task<Subject> NginxAsync(Way way, string modules, string http, string locations)
    {
        var port = FreePort.Next();
        var file = Path.Combine(_folder.Path, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            {{modules}}
            daemon off; worker_processes {{Environment.ProcessorCount}}; worker_rlimit_nofile 20000; pid nginx.pid; error_log stderr crit;
            events { worker_connections 20000; }
            http {
              access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
              {{http}}
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location = /health { return 200; }
                {{locations}}
              }
            }

            """);
        await Start(ChildProcess.Program("nginx", "-e", "stderr", "-p", _folder.Path, "-c", file)).AnswersAsync(port, "/health");
        return Made(way, port);
    }

    private async Task<Subject> HaproxyAsync()
    {
        var port = FreePort.Next();
        var file = Path.Combine(_folder.Path, "haproxy.cfg");
        await File.WriteAllTextAsync(file, $$"""
            global
              maxconn 9500
              nbthread {{Environment.ProcessorCount}}
            defaults
              mode http
              timeout connect 5s
              timeout client 1h
              timeout server 1h
              timeout tunnel 1h
            frontend tabs
              bind 127.0.0.1:{{port}} backlog 4096
              http-request return status 200 if { path /health }
              default_backend upstreams
            backend upstreams
              server one 127.0.0.1:{{_backend.Port}}

            """);
        await Start(ChildProcess.Program("haproxy", "-db", "-f", file)).AnswersAsync(port, "/health");
        return Made(Way.Haproxy, port);
    }

    private Task<Subject> YarpAsync() => SelfAsync(Way.Yarp, port => ["yarp", $"{port}", $"{_backend.Port}"]);

    private Task<Subject> SignalRPerTabAsync() => SelfAsync(Way.SignalRPerTab, port => ["hub-per-tab", $"{port}", $"{_backend.Port}"]);

    private async Task<Subject> SignalRRedisAsync()
    {
        var redis = await StartRedisAsync();
        var connectors = FreePort.Next();
        await Start(ChildProcess.Self(["connectors", $"{connectors}", $"{redis}", $"{_backend.Port}"])).AnswersAsync(connectors, "/health");
        return await SelfAsync(Way.SignalRRedis, port => ["hub", $"{port}", $"{redis}", $"{connectors}"]);
    }

    private async Task<Subject> PushpinAsync()
    {
        var (port, origin, publish) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        var file = Path.Combine(_folder.Path, "pushpin.conf");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "routes"), $"* 127.0.0.1:{origin},over_http\n");
        await File.WriteAllTextAsync(file, $$"""
            [global]
            include={libdir}/internal.conf
            rundir={{_folder.Path}}
            ipc_prefix=load-
            port_offset=0
            [runner]
            services=condure,pushpin-proxy,pushpin-handler
            http_port={{port}}
            logdir={{_folder.Path}}
            log_level=0
            client_buffer_size=8192
            client_maxconn=15000
            [proxy]
            routesfile=routes
            sig_key=changeme
            zurl_out_specs=ipc://{rundir}/{ipc_prefix}zurl-in
            zurl_out_stream_specs=ipc://{rundir}/{ipc_prefix}zurl-in-stream
            zurl_in_specs=ipc://{rundir}/{ipc_prefix}zurl-out
            [handler]
            push_in_spec=tcp://127.0.0.1:{{FreePort.Next()}}
            push_in_sub_specs=tcp://127.0.0.1:{{FreePort.Next()}}
            push_in_http_addr=127.0.0.1
            push_in_http_port={{publish}}
            push_in_http_max_headers_size=10000
            push_in_http_max_body_size=1000000
            stats_spec=ipc://{rundir}/{ipc_prefix}stats
            command_spec=tcp://127.0.0.1:{{FreePort.Next()}}
            message_rate=1000000
            message_hwm=1000000
            message_wait=5000
            id_cache_ttl=60
            connection_subscription_max=20

            """);

        // What asks the origin. By default it refuses to ask this machine.
        var zurl = Path.Combine(_folder.Path, "zurl.conf");
        await File.WriteAllTextAsync(zurl, $"""
            [General]
            in_spec=ipc://{_folder.Path}/load-zurl-in
            in_stream_spec=ipc://{_folder.Path}/load-zurl-in-stream
            out_spec=ipc://{_folder.Path}/load-zurl-out
            defpolicy=allow
            max_open_requests=20000
            buffer_size=200000
            timeout=600
            in_hwm=1000
            out_hwm=1000

            """);
        Start(ChildProcess.Program("zurl", $"--config={zurl}", "--loglevel=0"));
        await Start(ChildProcess.Program("pushpin", $"--config={file}")).ListensAsync(publish);
        return await WithBridgeAsync(Made(Way.Pushpin, port), "pushpin", publish, origin);
    }

    // A process with a connector per user; it answers once all are open.
    private async Task<Subject> WithBridgeAsync(Subject subject, string kind, int target, int port = 0)
    {
        port = port == 0 ? FreePort.Next() : port;
        await Start(ChildProcess.Self(["bridge", kind, $"{port}", $"{target}", $"{_backend.Port}", $"{options.Users}"])).AnswersAsync(port, "/open");
        return Made(subject.Way, subject.Ports);
    }

    private async Task<Subject> SelfAsync(Way way, Func<int, string[]> args)
    {
        var port = FreePort.Next();
        await Start(ChildProcess.Self(args(port))).AnswersAsync(port, "/health");
        return Made(way, port);
    }
}
