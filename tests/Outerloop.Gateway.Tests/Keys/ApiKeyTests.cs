using System.Net;
using System.Text;
using Outerloop.Gateway.Keys;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Keys;

public sealed class ApiKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_request_without_a_key_of_the_file_is_refused_and_one_with_it_is_answered()
    {
        (string key, string hash) = ApiKeys.New();
        using ApiKeys keys = Read($"- {{name: alice, sha256: {hash}}}");
        await using BaseGateway gateway = await BaseGateway.Start(keys);

        Assert.Equal(401, (await gateway.Get("/v1/models")).Status);
        Assert.Equal("invalid_api_key", (await gateway.Get("/v1/models")).Body!["error"]!["code"]!.GetValue<string>());
        Assert.Equal(200, (await gateway.Get("/healthz")).Status);
        foreach (string wrong in (string[])["", "Bearer", "Bearer ", $"Bearer {key}x", $"Bearer {key[..^1]}", $"Bearer {hash}", $"Token {key}", "Basic %%%", "Basic eA=="])
            Assert.Equal(HttpStatusCode.Unauthorized, (await Ask(gateway, wrong)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Ask(gateway, $"Bearer {key}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Ask(gateway, $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{key}"))}")).Status);
        Assert.Empty(gateway.Notices);
    }

    [Fact]
    public async Task A_key_that_has_had_its_requests_of_the_minute_is_told_when_to_ask_again_and_another_is_not_touched()
    {
        (string first, string firstHash) = ApiKeys.New();
        (string second, string secondHash) = ApiKeys.New();
        using ApiKeys keys = Read($"[{{\"name\": \"a\", \"sha256\": \"{firstHash}\", \"requests_per_minute\": 2}}, {{\"name\": \"b\", \"sha256\": \"{secondHash}\"}}]");
        await using BaseGateway gateway = await BaseGateway.Start(keys);

        HttpStatusCode[] statuses = [(await Ask(gateway, $"Bearer {first}")).Status, (await Ask(gateway, $"Bearer {first}")).Status];
        (HttpStatusCode refused, TimeSpan? after) = await Ask(gateway, $"Bearer {first}");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], statuses);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused);
        Assert.InRange(after!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.OK, (await Ask(gateway, $"Bearer {second}")).Status);
    }

    [Fact]
    public void A_key_has_so_many_requests_under_way_and_no_more()
    {
        using var key = new ApiKey("a", new byte[32], requestsPerMinute: 100, concurrent: 1);
        using (key.Enter())
            Assert.Equal(429, Assert.Throws<OpenAi.ApiException>(key.Enter).Status);
        key.Enter().Dispose();
    }

    [Theory]
    [InlineData("", "there are no keys")]
    [InlineData("- {name: a, sha256: 12}", "key 1: sha256 must be")]
    [InlineData("- {sha256: 12}", "key 1: it wants a name")]
    [InlineData("- {name: a, secret: b}", ":1:")]
    [InlineData("- ", "key 1: it wants a name")]
    [InlineData("a: b", "not a list of keys")]
    [InlineData("[", "not a list of keys")]
    public void A_file_that_is_no_list_of_keys_is_refused_with_the_place(string text, string wrong) =>
        Assert.Contains(wrong, Assert.Throws<InputException>(() => Read(text)).Message, StringComparison.Ordinal);

    private ApiKeys Read(string text)
    {
        File.WriteAllText(_folder.File("keys.yaml"), text);
        return ApiKeys.Read(_folder.File("keys.yaml"));
    }

    private static async Task<(HttpStatusCode Status, TimeSpan? After)> Ask(BaseGateway gateway, string authorization)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, "/v1/models"));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using HttpResponseMessage response = await http.SendAsync(request);
        return (response.StatusCode, response.Headers.RetryAfter?.Delta);
    }
}
