using Outerloop.Model.Checkpoints;
using Outerloop.Model.Decoder;
using Outerloop.Model.Kernels;
using Outerloop.Model.Sampling;

namespace Outerloop.Model.Tests.Checkpoints;

public sealed class MappedCheckpointTests
{
    public static TheoryData<bool> Tied => new() { true, false };

    [Theory]
    [MemberData(nameof(Tied))]
    public async Task A_mapped_model_samples_as_the_loaded_one(bool tied)
    {
        using var folder = new TemporaryFolder();
        WriteLively(folder.Path, TestModels.Tiny with { TieEmbeddings = tied });
        using MappedCheckpoint mapped = MappedCheckpoint.TryOpen(folder.Path)!;
        Parameters loaded = CheckpointFolder.Load(folder.Path).Parameters;
        foreach (KernelSet kernels in KernelSet.Available)
        {
            SampleRequest request = new(0, [3, 1, 4, 1, 5], 60, 0, 7, -1);
            SampleResult expected = await Only(new Sampler(loaded, kernels), request), actual = await Only(new Sampler(mapped, kernels), request);
            Assert.Equal(expected.Tokens, actual.Tokens);
            foreach ((float left, float right) in expected.LogProbs.Zip(actual.LogProbs))
                Assert.Equal(left, right, 0.01f);
        }
    }

    [Fact]
    public async Task A_sample_of_a_mapped_model_does_not_depend_on_what_is_sampled_beside_it()
    {
        using var folder = new TemporaryFolder();
        WriteLively(folder.Path, TestModels.Tiny);
        using MappedCheckpoint mapped = MappedCheckpoint.TryOpen(folder.Path)!;
        var sampler = new Sampler(mapped);
        SampleRequest[] requests = [.. Enumerable.Range(0, 24).Select(i => new SampleRequest(i, [1, 2, 3 + (i / 5)], 10 + i, 1, (ulong)i, 4))];
        foreach (SamplerOptions options in new[] { new SamplerOptions { Threads = 1, BatchSize = 24 }, new SamplerOptions { Threads = 2, BatchSize = 3 } })
        {
            await foreach (SampleResult result in sampler.Sample(requests, options))
            {
                SampleResult alone = await Only(sampler, requests[result.Id]);
                Assert.Equal(alone.Tokens, result.Tokens);
                Assert.Equal(alone.LogProbs, result.LogProbs);
            }
        }
    }

    [Fact]
    public void A_random_checkpoint_is_read_back_and_is_a_function_of_its_seed()
    {
        using TemporaryFolder first = new(), second = new(), other = new();
        ModelConfig config = TestModels.Tiny with { Vocabulary = 4000 };
        string hash = RandomCheckpoint.Write(first.Path, config, seed: 5);
        Assert.Equal(hash, RandomCheckpoint.Write(second.Path, config, seed: 5));
        Assert.NotEqual(hash, RandomCheckpoint.Write(other.Path, config, seed: 6));
        Checkpoint loaded = CheckpointFolder.Load(first.Path);
        Assert.Equal((config, hash), (loaded.Parameters.Config, loaded.WeightsHash));
        float[] embedding = loaded.Parameters[loaded.Parameters.Layout.Embedding].ToArray();
        Assert.Equal(0, embedding.Average(), 1e-3);
        Assert.Equal(0.02, Math.Sqrt(embedding.Average(value => value * value)), 5e-4);
        Assert.All(loaded.Parameters[loaded.Parameters.Layout.FinalNorm].ToArray(), value => Assert.Equal(1f, value));
        using MappedCheckpoint mapped = MappedCheckpoint.TryOpen(first.Path)!;
        Assert.Equal(config, mapped.Config);
    }

    [Fact]
    public void Other_types_than_bfloat16_are_not_mapped()
    {
        using var folder = new TemporaryFolder();
        CheckpointFolder.Save(folder.Path, TestModels.Lively(TestModels.Tiny, seed: 1));
        Assert.Null(MappedCheckpoint.TryOpen(folder.Path));
    }

    [Fact]
    public void A_truncated_file_is_refused_before_it_is_mapped()
    {
        using var folder = new TemporaryFolder();
        RandomCheckpoint.Write(folder.Path, TestModels.Tiny, seed: 5);
        string weights = Path.Combine(folder.Path, "model.safetensors");
        using (FileStream stream = File.OpenWrite(weights))
            stream.SetLength(stream.Length - 2);
        Assert.Contains("truncated", Assert.Throws<CheckpointException>(() => MappedCheckpoint.TryOpen(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static void WriteLively(string folder, ModelConfig config)
    {
        Parameters parameters = TestModels.Lively(config, seed: 41);
        RandomCheckpoint.Write(folder, config, seed: 1);
        using FileStream stream = File.Create(Path.Combine(folder, "model.safetensors"));
        SafetensorsWriter.Write(stream, parameters, TensorType.BF16);
        File.Delete(Path.Combine(folder, "manifest.json"));
    }

    private static async Task<SampleResult> Only(Sampler sampler, SampleRequest request)
    {
        var results = new List<SampleResult>();
        await foreach (SampleResult result in sampler.Sample([request], new SamplerOptions { Threads = 1 }))
            results.Add(result);
        return Assert.Single(results);
    }
}
