using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Outerloop.Gateway.OpenAi;

namespace Outerloop.Gateway.Keys;

/// <summary>The keys without which nothing is answered but <c>/healthz</c>.</summary>
public sealed class ApiKeys : IDisposable
{
    private const string Bearer = "Bearer ", Basic = "Basic ";

    private const int LongestKey = 500;

    private static readonly object Item = new();

    private readonly IReadOnlyList<ApiKey> _keys;

    private ApiKeys(IReadOnlyList<ApiKey> keys) => _keys = keys;

    /// <param name="path">A file as <see cref="ApiKeyFile"/> describes it.</param>
    /// <exception cref="InputException">It is none.</exception>
    public static ApiKeys Read(string path) => new(ApiKeyFile.Read(path));

    /// <summary>A new key of 256 random bits, and its hash as the file has it.</summary>
    public static (string Key, string Hash) New()
    {
        string key = $"ol-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        return (key, Convert.ToHexStringLower(HashOf(key)));
    }

    public void Dispose()
    {
        foreach (ApiKey key in _keys)
            key.Dispose();
    }

    /// <summary>The name of the key that a request came with; null where none are wanted.</summary>
    internal static string? NameOf(HttpContext context) => (context.Items[Item] as ApiKey)?.Name;

    /// <summary>Lets requests with a key pass, as often as the key may.</summary>
    internal async Task Require(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path == "/healthz")
        {
            await next(context);
            return;
        }

        ApiKey key = Find(Presented(context.Request)) ?? throw Refusal(context);
        context.Items[Item] = key;
        using IDisposable place = key.Enter();
        await next(context);
    }

    private static ApiException Refusal(HttpContext context)
    {
        bool api = context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
        return new ApiException(401, "A key of this server is wanted, as 'Authorization: Bearer KEY'", code: "invalid_api_key")
        {
            Challenge = api ? "Bearer" : "Basic realm=\"outerloop\"", // a browser asks its user then
        };
    }

    /// <summary>Every key is compared in whole, so that time tells nothing.</summary>
    private ApiKey? Find(string? presented)
    {
        if (presented is null or { Length: > LongestKey })
            return null;
        byte[] hash = HashOf(presented);
        ApiKey? found = null;
        foreach (ApiKey key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash))
                found = key;
        }

        return found;
    }

    /// <summary>The key of a request: a bearer's, or a browser's user's password.</summary>
    private static string? Presented(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header])
            return null;
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return header[Bearer.Length..].Trim();
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return null;
        byte[] pair = new byte[header.Length];
        return Convert.TryFromBase64String(header[Basic.Length..].Trim(), pair, out int length)
            ? Encoding.UTF8.GetString(pair.AsSpan(0, length)).Split(':', 2) is [_, var password] ? password : null
            : null;
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
