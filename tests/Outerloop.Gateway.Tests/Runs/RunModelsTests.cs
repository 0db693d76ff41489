using Outerloop.Configuration;
using Outerloop.Gateway.Models;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Runs;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Runs;

public sealed class RunModelsTests : IDisposable
{
    private static readonly RunSettings Settings = new()
    {
        Tasks = 12,
        HeldOut = 1,
        Larger = 1,
        Generations = 1,
        Policy = $"local:{BaseGateway.Folder}",
        Trainer = new TrainerSettings { MinSteps = 1, Epochs = 1 },
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_runs_generations_are_served_under_names_that_hold_their_hash_and_the_latest_under_the_domains()
    {
        string run = _folder.File("small");
        GenerationSummary[] made = [.. (await SmallRun.Execute(run, Settings)).Domains.Single().Generations];
        await using BaseGateway gateway = await BaseGateway.Start(others: new RunModels(run));
        string[] names = [.. made.Select(generation => $"small-blocksworld-g{generation.Generation}-{generation.Weights[..8]}")];

        GatewayReply list = await gateway.Get("/v1/models"), latest = await Ask(gateway, "small-blocksworld");

        Assert.Equal(["base", .. names, "small-blocksworld"], list.Body!["data"]!.AsArray().Select(model => model!["id"]!.GetValue<string>()));
        Assert.Equal(names[1], latest.Body!["model"]!.GetValue<string>());
        Assert.Equal(made[1].Weights, latest.Body["system_fingerprint"]!.GetValue<string>());
        Assert.Equal(made[0].Weights, (await Ask(gateway, names[0])).Body!["system_fingerprint"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_generation_whose_weights_are_not_those_that_the_run_made_is_not_served()
    {
        string run = _folder.File("small");
        await SmallRun.Execute(run, Settings);
        string made = RunFolder.GenerationOf(run, "blocksworld", 1);
        Directory.Delete(made, recursive: true);
        Directory.CreateDirectory(made);
        foreach (string file in Directory.EnumerateFiles(BaseGateway.Folder))
            File.Copy(file, Path.Combine(made, Path.GetFileName(file)));
        await using BaseGateway gateway = await BaseGateway.Start(others: new RunModels(run));

        GatewayReply reply = await Ask(gateway, "small-blocksworld");

        Assert.Equal(500, reply.Status);
        Assert.Equal("server_error", reply.Body!["error"]!["type"]!.GetValue<string>());
        Assert.Contains("not the weights that the run made", Assert.Single(gateway.Notices), StringComparison.Ordinal);
    }

    private static Task<GatewayReply> Ask(BaseGateway gateway, string model) =>
        gateway.Post("/v1/completions", $"{{\"model\":\"{model}\",\"prompt\":\"{BaseGateway.Words}\",\"max_tokens\":2}}");
}
