using Connections.WebFront.Identity;

namespace Connections.WebFront.Admin;

/// <summary>The admin API at <c>/admin</c>: for operators, by policy, audited.</summary>
internal static class AdminSetup
{
    private const string Prefix = "admin/";

    /// <summary>Registers it.</summary>
    public static void AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddSingleton<TokenRevoker>();
        builder.Services.AddSingleton<FrontOperations>();
        builder.Services.AddHostedService(s => s.GetRequiredService<FrontOperations>());
        builder.Services.AddOpenApi(o =>
        {
            o.ShouldInclude = d => d.RelativePath?.StartsWith(Prefix, StringComparison.Ordinal) == true;
            o.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new() { Title = "Connections: admin API", Version = "v1", Description = "Every call is audited in the events stream." };
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>Maps it.</summary>
    public static void MapAdmin(this WebApplication app)
    {
        app.MapOpenApi("/admin/openapi.json").RequireAuthorization(IdentitySetup.AdminPolicy);
        var admin = app.MapGroup("/admin").RequireAuthorization(IdentitySetup.AdminPolicy);
        admin.AddEndpointFilter(app.Services.GetRequiredService<AuditTrail>());
        admin.MapUserOperations();
        admin.MapBreakerOperations();
        admin.MapFrontOperations();
        admin.MapTokenOperations();
    }
}
