using System.Text.Json.Nodes;
using Outerloop.Gateway.Tests.Support;

namespace Outerloop.Gateway.Tests.Endpoints;

/// <summary>A gateway on the loopback address is for its own machine.</summary>
public sealed class OtherMachineTests
{
    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:1", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("rebound.example", 421)]
    [InlineData("127.0.0.1.rebound.example", 421)]
    [InlineData("192.0.2.1", 421)]
    public async Task A_name_that_was_made_to_point_here_is_refused(string host, int status)
    {
        await using BaseGateway gateway = await BaseGateway.Start();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{gateway.Url}/models")) { Headers = { Host = host } };
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        JsonNode body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(status == 200, body["error"] is null);
    }
}
