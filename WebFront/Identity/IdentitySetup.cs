using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Connections.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Connections.WebFront.Identity;

/// <summary>Who may come in, and who may look after the gateway.</summary>
internal static class IdentitySetup
{
    /// <summary>The policy of admin pages.</summary>
    public const string AdminPolicy = "admin";

    private const string TokenParameter = "access_token";
    private const string Chooser = "Connections";

    /// <summary>Registers authentication and the policies.</summary>
    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AuthOptions>().Bind(builder.Configuration.GetSection(AuthOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsCheck>();

        var development = builder.Environment.IsDevelopment();
        var authentication = builder.Services.AddAuthentication(development ? Chooser : JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        if (development)
        {
            authentication.AddScheme<AuthenticationSchemeOptions, DevelopmentUserHandler>(DevelopmentUserHandler.SchemeName, null)
                .AddPolicyScheme(Chooser, null, o => o.ForwardDefaultSelector = http =>
                    http.Request.Query.ContainsKey(DevelopmentUserHandler.Parameter) ? DevelopmentUserHandler.SchemeName : JwtBearerDefaults.AuthenticationScheme);
        }

        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<AuthOptions>, IOptions<FrontOptions>, TimeProvider>((jwt, auth, front, time) =>
            {
                Configure(jwt, auth.Value);
                jwt.SaveToken = front.Value.RelayTokens;
                jwt.TokenHandlers.Clear();
                jwt.TokenHandlers.Add(new CheckedTokens(time));
            });
        builder.Services.AddSingleton<FreshTokens>();
        builder.Services.AddSingleton<Revocations>();
        builder.Services.AddSingleton<TokenLeases>();
        builder.Services.AddSingleton<TokenWatch>();
        builder.Services.AddHostedService(s => s.GetRequiredService<TokenWatch>());

        builder.Services.AddAuthorization();
        builder.Services.AddOptions<Microsoft.AspNetCore.Authorization.AuthorizationOptions>().Configure<IOptions<AuthOptions>>((o, auth) =>
            o.AddPolicy(AdminPolicy, p =>
            {
                if (development)
                    p.RequireAssertion(_ => true);
                else
                    p.RequireRole(auth.Value.AdminRole);
            }));
    }

    private static void Configure(JwtBearerOptions jwt, AuthOptions auth)
    {
        jwt.MapInboundClaims = false;
        jwt.Authority = auth.Authority;
        jwt.TokenValidationParameters = new TokenValidationParameters
        {
            ValidateAudience = auth.Audience is not null,
            ValidAudience = auth.Audience,
            ValidateIssuer = auth.Issuer is not null || auth.Authority is not null,
            ValidIssuer = auth.Issuer,
            NameClaimType = auth.UserIdClaim,
            RoleClaimType = "role",
            ClockSkew = TimeSpan.FromSeconds(10),
        };
        if (auth.Authority is null)
        {
            // Without a key nothing can be signed with this one: every token is refused, and only ?user= is left.
            var key = auth.SigningKey is null ? RandomNumberGenerator.GetBytes(32) : Encoding.UTF8.GetBytes(auth.SigningKey);
            jwt.TokenValidationParameters.IssuerSigningKey = new SymmetricSecurityKey(key);
        }

        jwt.Events = new JwtBearerEvents
        {
            // Browsers cannot set headers on WebSockets and event streams.
            OnMessageReceived = async context =>
            {
                context.Token = context.Request.Query[TokenParameter].FirstOrDefault() ?? await AdminLogin.PostedTokenAsync(context.Request);
                if (context.Request.Headers.Authorization.Count == 0)
                    context.Token ??= AdminLogin.TokenOf(context.Request);
            },
            OnChallenge = context =>
            {
                if (AdminLogin.IsPage(context.Request))
                {
                    context.HandleResponse();
                    context.Response.Redirect(AdminLogin.AddressFor(context.Request));
                }

                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                // What comes here may be remembered from an earlier check; whether it was revoked is asked each time.
                if (!UserId.TryParse(context.Principal?.FindFirstValue(auth.UserIdClaim), out var user))
                    context.Fail($"The token's {auth.UserIdClaim} is not a user id: 1 to 128 of A-Z a-z 0-9 _ . @ -, and not '.' or '..'.");
                else if (IsRevoked(context.HttpContext, context.Principal!, user))
                    context.Fail("The token was revoked.");
                else
                    context.Principal!.AddIdentity(Users.Identity(user, JwtBearerDefaults.AuthenticationScheme));
                return Task.CompletedTask;
            },
        };
    }

    // There seldom is any: then nothing is read from the token's claims.
    private static bool IsRevoked(HttpContext http, ClaimsPrincipal claims, UserId user) =>
        http.RequestServices.GetRequiredService<Revocations>() is { IsEmpty: false } revocations && revocations.Revoked(Caller.Of(claims, user, null, null));
}
