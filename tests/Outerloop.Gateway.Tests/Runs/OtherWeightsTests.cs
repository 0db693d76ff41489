using Outerloop.Configuration;
using Outerloop.Gateway.Tests.Support;
using Outerloop.Model.Checkpoints;
using Outerloop.Policies.Servers;
using Outerloop.Prompting;
using Outerloop.Tests.Support;

namespace Outerloop.Gateway.Tests.Runs;

/// <summary>A run that fine-tunes other weights than the gateway serves.</summary>
public sealed class OtherWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_copy_of_other_weights_is_refused_with_the_first_answer()
    {
        string other = _folder.File("other");
        ModelExport.Write(BaseGateway.Folder, adapter: null, other, TensorType.BF16);
        await using BaseGateway gateway = await BaseGateway.Start(loadsModels: true);
        var settings = new RunSettings
        {
            Tasks = 4,
            HeldOut = 0,
            Larger = 0,
            Generations = 1,
            Policy = $"openai:{BaseGateway.Model}",
            Prompt = new PromptSettings(PromptTemplate.WordsName),
            Trainer = new TrainerSettings { Base = other },
        };
        var servers = new ServerOptions { BaseUrls = [gateway.Url], LoadsAdapters = true };
        InputException refusal = await Assert.ThrowsAsync<InputException>(() => SmallRun.Execute(_folder.File("run"), settings, servers));
        Assert.Contains("and the copy that is trained here (--trainer-base)", refusal.Message, StringComparison.Ordinal);
    }
}
