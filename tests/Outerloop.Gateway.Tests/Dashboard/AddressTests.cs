using System.Net;
using System.Text.RegularExpressions;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Dashboard;

/// <summary>Where the pages of a run lead to.</summary>
public sealed partial class AddressTests : IDisposable
{
    private const int MostFollowed = 200;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_address_in_the_pages_leads_somewhere_whatever_the_runs_folder_is_called()
    {
        await SmallRun.Execute(_folder.File("50 % of #1 & \"é\"+%2F"), LiveRun.Settings with { Generations = 1 });
        var options = new GatewayOptions { Port = 0, Threads = 1, RunsFolder = _folder.Path };
        await using GatewayServer server = await GatewayServer.Start(options, new FolderModels(TimeProvider.System), [], new GatewaySurroundings(TimeProvider.System, new Progress<string>()), default);
        using var http = new HttpClient();
        var root = new Uri(server.Url, "/");
        var known = new HashSet<Uri> { root };
        var left = new Queue<Uri>(known);
        var pages = 0;

        while (left.TryDequeue(out Uri? address) && known.Count < MostFollowed)
        {
            using HttpResponseMessage response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address} is {response.StatusCode}");
            if (response.Content.Headers.ContentType?.MediaType != "text/html")
                continue;
            pages++;
            foreach (Match found in Address().Matches(await response.Content.ReadAsStringAsync()))
            {
                var next = new Uri(response.RequestMessage!.RequestUri!, WebUtility.HtmlDecode(found.Groups["address"].Value));
                if (next.Authority == root.Authority && known.Add(next))
                    left.Enqueue(next);
            }
        }

        Assert.InRange(pages, 12, MostFollowed);
    }

    [GeneratedRegex("(href|src|data-source)=\"(?<address>[^\"#]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
